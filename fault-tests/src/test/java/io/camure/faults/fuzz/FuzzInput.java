package io.camure.faults.fuzz;

import java.nio.ByteBuffer;

/** What a fuzzer has made up, taken bit by bit; zeros once it is used up. */
final class FuzzInput {

    private final byte[] bytes;
    private int position;

    FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isEmpty() {
        return position >= bytes.length;
    }

    /** 0…255. */
    int next() {
        return isEmpty() ? 0 : bytes[position++] & 0xFF;
    }

    /** 0…bound - 1. */
    int below(int bound) {
        return next() % bound;
    }

    /** -128…127. */
    int signed() {
        return (byte) next();
    }

    /** Up to so many of the bytes that are left. */
    ByteBuffer bytes(int length) {
        int taken = Math.min(length, bytes.length - position);
        ByteBuffer slice = ByteBuffer.wrap(bytes, position, taken).slice();
        position += taken;
        return slice;
    }
}
