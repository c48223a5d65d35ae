package io.camure;

/** Handles the messages of a broadcast, one after the other. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Handles a message; what it does not read is skipped.
     *
     * @throws Exception anything: it is logged, and the next message is handled
     */
    void onMessage(Message message) throws Exception;
}
