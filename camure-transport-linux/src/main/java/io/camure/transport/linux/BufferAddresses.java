package io.camure.transport.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where direct buffers lie in memory. The question costs an object each time, so answers are kept for some buffers; and so
 * are these buffers, until others take their places.
 */
final class BufferAddresses {

    private static final int BUFFERS = 8;

    private final @Nullable ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
    private final long[] addresses = new long[BUFFERS];
    private int next;

    /** The address of the buffer's first byte. */
    long get(ByteBuffer buffer) {
        for (int i = 0; i < BUFFERS; i++) {
            if (buffers[i] == buffer) {
                return addresses[i];
            }
        }
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("not a direct buffer");
        }
        long address = MemorySegment.ofBuffer(buffer).address() - buffer.position();
        buffers[next] = buffer;
        addresses[next] = address;
        next = (next + 1) % BUFFERS;
        return address;
    }
}
