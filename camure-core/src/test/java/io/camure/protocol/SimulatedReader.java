package io.camure.protocol;

import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Puts the chunks that one membership of a broadcast gives to its application together again, and checks them. */
final class SimulatedReader {

    /** What is at the beginning of the data of each chunk: life, message, fragment, fragments, bytes. */
    static final int HEADER_BYTES = 5 * Integer.BYTES;

    private final SimulationRecord record;
    private final InetSocketAddress process;
    private int life = -1;
    private int fragments = -1;
    private int current;
    private int lastWhole;

    SimulatedReader(SimulationRecord record, InetSocketAddress process) {
        this.record = record;
        this.process = process;
    }

    /** @param fragments how many the message has, when this is the last of them; else 0 */
    static ByteBuffer payload(int bytes, int life, int message, int fragment, int fragments) {
        ByteBuffer payload = ByteBuffer.allocate(bytes);
        payload.putInt(life).putInt(message).putInt(fragment).putInt(fragments).putInt(bytes);
        return payload.rewind();
    }

    void read(ChunkType type, ByteBuffer payload) {
        boolean first = type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FIRST_FRAGMENT;
        if (first && !payload.hasRemaining()) {
            // The message was given up.
            fragments = -1;
            return;
        }
        if (life < 0) {
            life = payload.getInt(0);
        }
        expect("life", life, payload.getInt(0));
        if (first) {
            fragments = 0;
            current = payload.getInt(4);
        }
        expect("message", current, payload.getInt(4));
        expect("fragment", fragments, payload.getInt(8));
        expect("bytes", payload.remaining(), payload.getInt(16));
        fragments++;
        if (type == ChunkType.BROADCAST_MESSAGE || type == ChunkType.BROADCAST_FINAL_FRAGMENT) {
            expect("fragments", fragments, payload.getInt(12));
            record.checkMessage(process, life, lastWhole, current);
            lastWhole = current;
            fragments = -1;
        }
    }

    private void expect(String what, int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError(process + " expected " + what + " " + expected + " but got " + actual
                    + ", after message " + lastWhole + " of life " + life);
        }
    }

    /** The last message that was read, or 0. */
    int lastWhole() {
        return lastWhole;
    }
}
