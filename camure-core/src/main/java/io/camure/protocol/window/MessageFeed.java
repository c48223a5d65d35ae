package io.camure.protocol.window;

import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;

/** Writes a message that is here as a whole into a {@link SendWindow}, as far as there is room, again and again. */
public final class MessageFeed {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SendWindow window;
    private ByteBuffer message = NOTHING;

    public MessageFeed(SendWindow window) {
        this.window = window;
    }

    /**
     * The next message; what was not written of the one before is not.
     *
     * @param bytes which must not change before they are written
     * @param length how many of them are the message, from the first one on: at least one
     */
    public void begin(byte[] bytes, int length) {
        message = ByteBuffer.wrap(bytes, 0, length).slice();
    }

    /** Writes what there is room for, and has it leave. To be called whenever there may be more room. */
    public void feed(long nowNanos) {
        if (!message.hasRemaining()) {
            return;
        }
        while (message.hasRemaining() && window.room() > 0) {
            write(nowNanos);
        }
        window.push(nowNanos);
        if (!message.hasRemaining()) {
            message = NOTHING;
        }
    }

    private void write(long nowNanos) {
        boolean first = message.position() == 0;
        int end = Math.min(message.capacity(), message.position() + window.payloadBytes());
        boolean last = end == message.capacity();
        ChunkType type = ChunkType.BROADCAST_FRAGMENT;
        if (last) {
            type = ChunkType.BROADCAST_FINAL_FRAGMENT;
        } else if (first) {
            type = ChunkType.BROADCAST_FIRST_FRAGMENT;
        }
        window.write(type, message.limit(end), nowNanos);
        message.limit(message.capacity());
    }

    /** Whether all of the message was written, or nothing more of it is. */
    public boolean isDone() {
        return !message.hasRemaining();
    }

    /** Nothing more is written of the message. */
    public void stop() {
        message = NOTHING;
    }
}
