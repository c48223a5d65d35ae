package io.camure;

import java.time.Duration;
import java.util.Optional;

/**
 * A broadcast at a member: each message once, whole and in order, from the first that was begun after this node joined.
 *
 * <p>What has arrived is delivered even when the group has ended meanwhile; only then does receiving fail. A reader that is
 * slower than the sender holds it back. Receive by {@link #receive} or by {@link #onMessage}, one thread at a time.
 */
public interface BroadcastReceiver extends Group {

    /**
     * Waits for the next message, of which the first part at least has arrived.
     *
     * @return the message, or nothing after the timeout
     * @throws DisconnectedException when this node is out of the group and has been given everything that had arrived
     */
    Optional<Message> receive(Duration timeout) throws InterruptedException;

    /**
     * Has each message from now on handled by a thread of its own, until the group ends. Whatever the handler throws is
     * logged, and the next message is taken.
     *
     * @throws IllegalStateException when there is a handler already
     */
    void onMessage(MessageHandler handler);

    /** How many messages were received so far. */
    long messagesReceived();

    /** How many bytes of messages were read so far. */
    long bytesReceived();

    /** How much of the receive window is in use: what has arrived and was not read. */
    WindowUse window();
}
