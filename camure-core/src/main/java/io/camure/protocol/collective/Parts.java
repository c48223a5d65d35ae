package io.camure.protocol.collective;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Several values as one: each behind its length (u32). */
public final class Parts {

    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int LONGEST_BYTES = 1 << 30;

    private Parts() {}

    /** @throws IllegalArgumentException if they are longer than any value may be */
    public static byte[] join(List<byte[]> parts) {
        long bytes =
                parts.stream().mapToLong(part -> LENGTH_BYTES + part.length).sum();
        if (bytes > LONGEST_BYTES) {
            throw new IllegalArgumentException(
                    "the parts have " + bytes + " bytes together, but may have " + LONGEST_BYTES);
        }
        ByteBuffer joined = ByteBuffer.allocate((int) bytes);
        parts.forEach(part -> joined.putInt(part.length).put(part));
        return joined.array();
    }

    /** The parts that were joined; as far as they are whole. */
    public static List<byte[]> split(byte[] joined, int from, int to) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = from; at < to; at = end(joined, at, to)) {
            int end = end(joined, at, to);
            if (end < 0) {
                break;
            }
            byte[] part = new byte[end - at - LENGTH_BYTES];
            System.arraycopy(joined, at + LENGTH_BYTES, part, 0, part.length);
            parts.add(part);
        }
        return parts;
    }

    /** How many parts there are; -1 when the last one is not whole. */
    static int count(byte[] joined, int from, int to) {
        int count = 0;
        int at = from;
        while (at < to) {
            at = end(joined, at, to);
            if (at < 0) {
                return -1;
            }
            count++;
        }
        return count;
    }

    /** The end of the part that begins with its length; -1 when it is not whole. */
    static int end(byte[] joined, int at, int to) {
        if (to - at < LENGTH_BYTES) {
            return -1;
        }
        int length = length(joined, at);
        return length >= 0 && length <= to - at - LENGTH_BYTES ? at + LENGTH_BYTES + length : -1;
    }

    private static int length(byte[] joined, int at) {
        return (joined[at] & 0xFF) << 24
                | (joined[at + 1] & 0xFF) << 16
                | (joined[at + 2] & 0xFF) << 8
                | joined[at + 3] & 0xFF;
    }

    /** Begins a part at the end of what was joined so far, and gives back where its bytes begin. */
    static int begin(Bytes joined) {
        joined.grow(LENGTH_BYTES);
        return joined.length();
    }

    /** Ends the part whose bytes begin there. */
    static void end(Bytes joined, int start) {
        int length = joined.length() - start;
        byte[] array = joined.array();
        for (int i = 0; i < LENGTH_BYTES; i++) {
            array[start - LENGTH_BYTES + i] = (byte) (length >>> 8 * (LENGTH_BYTES - 1 - i));
        }
    }

    /** Where the bytes of a part begin that begins with its length there. */
    static int start(int at) {
        return at + LENGTH_BYTES;
    }
}
