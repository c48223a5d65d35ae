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

    /** @param content what {@link #inputStream} gives */
    public Message(InputStream content) {
        this.content = content;
    }

    /** A message that has arrived whole, for the test of a handler for example. */
    public static Message of(byte[] content) {
        return new Message(new ByteArrayInputStream(content));
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
     * Waits for the whole content, which must fit into memory; fails as {@link #inputStream} does.
     *
     * @throws IOException if the message does not arrive whole
     */
    public byte[] bytes() throws IOException {
        return content.readAllBytes();
    }
}
