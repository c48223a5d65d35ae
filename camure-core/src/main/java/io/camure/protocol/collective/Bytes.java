package io.camure.protocol.collective;

import java.util.Arrays;

/** Bytes that are kept and written anew in each round: more are allocated only when there are more than ever before. */
public final class Bytes {

    /** What the longest datagram has room for. */
    static final int KEPT_BYTES = 1 << 16;

    private byte[] array = new byte[Long.BYTES];
    private int length;

    /** They take what they need, and not what they once needed, if that was a lot. */
    void clear() {
        length = 0;
        if (array.length > KEPT_BYTES) {
            array = new byte[Long.BYTES];
        }
    }

    /** They are these now, all of them. */
    void take(byte[] bytes) {
        array = bytes;
        length = bytes.length;
    }

    public int length() {
        return length;
    }

    /** What they are in, from the first one on; not to be changed. */
    public byte[] array() {
        return array;
    }

    /** A copy of some of them. */
    public byte[] copy(int from, int to) {
        return Arrays.copyOfRange(array, from, to);
    }

    /** As many more as are to be written by others, into {@link #array}. */
    void grow(int bytes) {
        if (length + bytes > array.length) {
            array = Arrays.copyOf(array, Math.max(length + bytes, 2 * array.length));
        }
        length += bytes;
    }

    void append(byte[] source, int from, int bytes) {
        int at = length;
        grow(bytes);
        System.arraycopy(source, from, array, at, bytes);
    }
}
