package io.camure;

/** Takes the messages of a broadcast, one after the other. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Takes a message; what it does not read is skipped.
     *
     * @throws Exception is logged, and the next message is taken
     */
    void onMessage(Message message) throws Exception;
}
