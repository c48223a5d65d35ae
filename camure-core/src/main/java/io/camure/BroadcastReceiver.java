package io.camure;

import java.time.Duration;
import java.util.Optional;

/**
 * A broadcast at a member: each message once, whole and in order, from the first that was begun after this node joined.
 *
 * <p>What has arrived is delivered even if the group has ended meanwhile; only after that does receiving fail. A reader that
 * is slower than the sender holds the sender back. Use either {@link #receive} or {@link #onMessage}, one thread at a time.
 */
public interface BroadcastReceiver extends Group {

    /**
     * Waits for the next message, until at least its first part has arrived.
     *
     * @return the message, or empty after the timeout
     * @throws DisconnectedException if this node is out of the group and has received everything that had arrived
     */
    Optional<Message> receive(Duration timeout) throws InterruptedException;

    /**
     * Waits for the next message, however long that takes.
     *
     * @throws DisconnectedException if this node is out of the group and has received everything that had arrived
     */
    default Message receive() throws InterruptedException {
        Optional<Message> message;
        do {
            message = receive(Duration.ofDays(365));
        } while (message.isEmpty());
        return message.get();
    }

    /**
     * Starts a thread that passes each message from now on to the handler, until the group ends. Whatever the handler throws
     * is logged, and the next message is handled.
     *
     * @throws IllegalStateException if there is a handler already
     */
    void onMessage(MessageHandler handler);

    /** How many messages this node has received so far; not those that were dropped for their headers' sake. */
    long messagesReceived();

    /** How many bytes of messages this node has read so far, headers included. */
    long bytesReceived();

    /** How much of the receive window is in use: the chunks that have arrived and were not read. */
    WindowUse window();
}
