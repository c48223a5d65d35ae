package io.camure;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one message, which members receive while it is written. Only {@link #complete} makes it a message: one that is
 * closed before, by an exception in a try-with-resources block for example, is given up, and no member takes it for whole.
 * {@link BroadcastGroup#send(BroadcastGroup.MessageSource)} completes a message by itself.
 *
 * <p>Writing waits while the send window is full, each time up to the group's timeout. For one thread at a time.
 */
public abstract class MessageWriter extends OutputStream {

    /**
     * @throws IOException when there was no room in time, the group is closed or the message too long for a member; its cause is the
     *     {@link DeliveryTimeoutException}, {@link DisconnectedException} or {@link UndeliverableMessageException}. The message
     *     is given up then
     */
    @Override
    public abstract void write(byte[] bytes, int offset, int length) throws IOException;

    /** Ends the message: now it will be delivered. */
    public abstract void complete() throws IOException;

    /** Gives the message up, on purpose: no member takes it for whole. Does nothing once it is complete. */
    public abstract void abandon();

    /**
     * Gives the message up unless it is complete. If anything was written, a warning in the log says so: a stream can't see
     * whether it is closed because of an exception or because its user takes {@code close} for the end of the message.
     */
    @Override
    public abstract void close();
}
