package io.camure;

import java.io.IOException;
import java.io.InputStream;

/**
 * A message of a broadcast, which can be read while it arrives. It can be read once, by one thread, and only until the next
 * one is asked for; what has not been read of it then may be skipped, and reading it fails with an {@link IOException}.
 */
public final class Message {

    private final InputStream content;

    Message(InputStream content) {
        this.content = content;
    }

    /**
     * The content. Reading waits for parts that have not arrived.
     *
     * <p>It fails with a {@link MessageAbandonedException} when the rest will not come, since the writer gave up or this
     * node was disconnected, and with an {@link java.io.InterruptedIOException} when nothing came for the member's message
     * timeout or the thread was interrupted.
     */
    public InputStream inputStream() {
        return content;
    }

    /**
     * Waits for the whole content, which must fit into memory; fails as {@link #inputStream} does.
     *
     * @throws IOException when the message does not become whole
     */
    public byte[] bytes() throws IOException {
        return content.readAllBytes();
    }
}
