package io.camure;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A broadcast at the coordinator: every member receives each message once, whole and in order, from the first that is
 * begun after the member joined.
 *
 * <p>Sending waits while the send window is full, and returns when the message is in it; {@link #flush} waits until
 * everything is delivered. Without members a message reaches nobody, as its {@link Delivery} says, unless members are expected: then the
 * first message waits for them. Thread-safe; one message is written at a time.
 */
public interface BroadcastGroup extends CoordinatorGroup {

    /**
     * Sends a message.
     *
     * @throws UndeliverableMessageException if the message is too long for members that speak protocol 0.1; nothing of it is sent
     * @throws DeliveryTimeoutException if for the group's timeout there was no room for its next part, or another message was
     *     being written
     * @throws DisconnectedException if the group is closed, or closes meanwhile
     */
    void send(byte[] message) throws InterruptedException;

    /**
     * Sends a message with headers, as {@link #send(byte[])} does. They are left out while a member is in the group that does not know
     * them, since it is of an earlier version or speaks protocol 0.1; that is counted, {@link SessionStatistics#headers()}, and logged
     * once for a group.
     */
    void send(byte[] message, Headers headers) throws InterruptedException;

    /**
     * Sends a message, and waits only while there is no room for it, as {@link #send(byte[])} does.
     *
     * @return completes when all members have acknowledged the message, with those that have it: with nobody when nobody was in the
     *     group. Fails with a {@link DeliveryTimeoutException} when they have not within the group's timeout, or as {@code send} does.
     *     Completed on the executor of the coordinator's configuration ({@link CoordinatorConfig.Builder#executor})
     */
    CompletableFuture<Delivery> sendAsync(byte[] message) throws InterruptedException;

    /** Sends a message with headers, as {@link #sendAsync(byte[])} and {@link #send(byte[], Headers)} do. */
    CompletableFuture<Delivery> sendAsync(byte[] message, Headers headers) throws InterruptedException;

    /**
     * Sends as one message what {@code source} writes. If {@code source} throws, no member gets the message.
     *
     * @throws UndeliverableMessageException if the message gets too long for members that speak protocol 0.1
     * @throws DeliveryTimeoutException if for the group's timeout there was no room for its next part, or another message was
     *     being written
     * @throws DisconnectedException if the group is closed, or closes meanwhile
     * @throws IOException thrown by {@code source}
     */
    void send(MessageSource source) throws IOException, InterruptedException;

    /** Sends as one message with headers what {@code source} writes, as {@link #send(MessageSource)} and {@link #send(byte[], Headers)} do. */
    void send(MessageSource source, Headers headers) throws IOException, InterruptedException;

    /**
     * Begins a message that can be larger than memory. Waits while another one is being written. The message is sent by
     * {@link MessageWriter#complete}, and not by closing the writer, which gives it up unless it is complete.
     * {@link #send(MessageSource)} does both for whoever has a source to copy from:
     * {@code group.send(out -> Files.copy(file, out))}.
     *
     * @throws DeliveryTimeoutException when that one was not over within the group's timeout
     */
    MessageWriter newMessage() throws InterruptedException;

    /** Begins a message with headers, as {@link #newMessage()} and {@link #send(byte[], Headers)} do. */
    MessageWriter newMessage(Headers headers) throws InterruptedException;

    /**
     * Waits until all members have acknowledged everything that was sent before this call. It does not wait for members that
     * leave or are lost meanwhile; a {@link GroupListener} is told of them.
     *
     * @return the members that have the last message that was sent before this call, and of those before it what was begun after they
     *     had joined
     * @throws DeliveryTimeoutException if they have not in time; it names the members that have not
     * @throws DisconnectedException if the group is closed, or closes meanwhile
     */
    Delivery flush(Duration timeout) throws InterruptedException;

    /** Flushes with the group's configured timeout; see {@link #flush(Duration)}. */
    Delivery flush() throws InterruptedException;

    /**
     * The slow members: they have held the broadcast up for {@link GroupConfig#slowMemberPatience()}, since they do not take
     * what was sent or have no room for more, and have not caught up. A {@link GroupListener} is told of them.
     */
    List<Node> slowMembers();

    /** How far each member is. */
    List<MemberProgress> progress();

    /** How many messages this node has sent so far. */
    long messagesSent();

    /** How many bytes of messages this node has written so far, headers included, and those of messages that were given up. */
    long bytesSent();

    /** How much of the send window is in use: the chunks that were written and not yet acknowledged by all members. */
    WindowUse window();

    /**
     * Ends the group once everything sent is acknowledged; waits at most 1.5 s, see {@link #flush}, and then for members that
     * speak protocol 0.1 to leave, see {@link CoordinatorConfig.Builder#legacyLinger}.
     */
    @Override
    void close();

    /** Writes one message. */
    @FunctionalInterface
    interface MessageSource {

        void writeTo(OutputStream message) throws IOException;
    }
}
