package io.camure;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A broadcast at the coordinator: every member receives each message once, whole and in order, from the first that is
 * begun after it joined.
 *
 * <p>Sending returns when the message is in the send window, and waits while that is full; {@link #flush} waits until all
 * is delivered. Without members a message reaches nobody, unless members are expected: then the first one waits for them.
 * Thread-safe; one message is written at a time.
 */
public interface BroadcastGroup extends CoordinatorGroup {

    /**
     * Sends a message.
     *
     * @throws DeliveryTimeoutException when for the group's timeout there was no room for its next part, or another message
     *     was being written
     * @throws DisconnectedException when the group is or gets closed
     */
    void send(byte[] message) throws InterruptedException;

    /**
     * Sends as one message what {@code source} writes. When it throws, no member gets the message.
     *
     * @throws DeliveryTimeoutException when for the group's timeout there was no room for its next part, or another message
     *     was being written
     * @throws DisconnectedException when the group is or gets closed
     * @throws IOException what {@code source} throws
     */
    void send(MessageSource source) throws IOException, InterruptedException;

    /**
     * Begins a message that can be larger than memory. Waits while another one is being written. The message is sent by
     * {@link MessageWriter#complete}, and not by closing the writer, which gives it up unless it is complete.
     * {@link #send(MessageSource)} does both for whoever has a source to copy from:
     * {@code group.send(out -> Files.copy(file, out))}.
     *
     * @throws DeliveryTimeoutException when that one was not over within the group's timeout
     */
    MessageWriter newMessage() throws InterruptedException;

    /**
     * Waits until all members have acknowledged all that was sent before this call. Members that leave or are lost
     * meanwhile are no longer waited for; a {@link GroupListener} is told of them.
     *
     * @throws DeliveryTimeoutException when they have not; it names who has not
     * @throws DisconnectedException when the group is or gets closed
     */
    void flush(Duration timeout) throws InterruptedException;

    /** Waits for that as long as the group is configured to wait; see {@link #flush(Duration)}. */
    void flush() throws InterruptedException;

    /**
     * The members that have held the broadcast up for {@link GroupConfig#slowMemberPatience()}, since they do not take
     * what was sent or have no room for more, and have not caught up. A {@link GroupListener} is told of them.
     */
    List<InetSocketAddress> slowMembers();

    /** How many messages were sent so far. */
    long messagesSent();

    /** How many bytes of messages were written so far, those of messages that were given up included. */
    long bytesSent();

    /** How much of the send window is in use: what was written and not acknowledged by all members. */
    WindowUse window();

    /** Ends the group once all that was sent is acknowledged; waits a second and a half at most, see {@link #flush}. */
    @Override
    void close();

    /** Writes one message. */
    @FunctionalInterface
    interface MessageSource {

        void writeTo(OutputStream message) throws IOException;
    }
}
