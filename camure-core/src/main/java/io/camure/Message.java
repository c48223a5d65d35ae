package io.camure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A message of a broadcast, which can be read while it arrives: once, by one thread, and only until the next message is asked
 * for. Then the rest may be skipped, and reading it fails with an {@link IOException}.
 */
public final class Message {

    private final InputStream content;
    private final int maximumBytes;
    private final Headers headers;

    /** @param content what {@link #inputStream} gives */
    public Message(InputStream content) {
        this(content, Integer.MAX_VALUE);
    }

    /**
     * @param content what {@link #inputStream} gives
     * @param maximumBytes how many of it {@link #bytes} takes at most: from 1 on
     */
    public Message(InputStream content, int maximumBytes) {
        this(content, maximumBytes, Headers.NONE);
    }

    /**
     * @param content what {@link #inputStream} gives
     * @param maximumBytes how many of it {@link #bytes} takes at most: from 1 on
     * @param headers what {@link #headers} gives
     */
    public Message(InputStream content, int maximumBytes, Headers headers) {
        this.content = content;
        this.maximumBytes = maximumBytes;
        this.headers = headers;
    }

    /** A message that has arrived whole, for the test of a handler for example. */
    public static Message of(byte[] content) {
        return of(content, Headers.NONE);
    }

    /** A message with headers that has arrived whole. */
    public static Message of(byte[] content, Headers headers) {
        return new Message(new ByteArrayInputStream(content), Integer.MAX_VALUE, headers);
    }

    /** What the sender says of the message. They are here before its content, and can be read at any time. */
    public Headers headers() {
        return headers;
    }

    /**
     * The content. Reading waits for parts that have not arrived yet.
     *
     * <p>It fails with a {@link MessageAbandonedException} if the rest will not arrive, because the writer gave the message up
     * or this node was disconnected, and with an {@link java.io.InterruptedIOException} if nothing arrived for the member's
     * message timeout or the thread was interrupted.
     */
    public InputStream inputStream() {
        return content;
    }

    /**
     * Waits for the whole content; fails as {@link #inputStream} does.
     *
     * @throws IOException if the message does not arrive whole, or is longer than the member's maximum message size
     */
    public byte[] bytes() throws IOException {
        byte[] bytes = content.readNBytes(maximumBytes);
        if (bytes.length == maximumBytes && content.read() >= 0) {
            throw new IOException(
                    "the message is longer than " + maximumBytes + " bytes, which is the maximum message size:"
                            + " read its inputStream(), or raise maximumMessageSize (camure.member.maximum-message-size)");
        }
        return bytes;
    }
}
