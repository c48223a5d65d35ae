package io.camure.wire;

/**
 * Sequence numbers: 64 bits inside a node, the low 16 bits on the wire.
 *
 * <p>The 16 bits are read as the number nearest to one that the reader knows, so that they may wrap at any time (serial
 * number arithmetic, RFC 1982). That holds as long as no datagram is older than 32768 numbers.
 */
public final class SequenceNumbers {

    private SequenceNumbers() {}

    /** The number nearest to {@code reference} whose low 16 bits are {@code wire}; may be negative near zero. */
    public static long extend(long reference, int wire) {
        return reference + (short) (wire - (int) reference);
    }

    /** The low 16 bits of a number, as they go onto the wire. */
    public static int toWire(long number) {
        return (int) number & 0xFFFF;
    }
}
