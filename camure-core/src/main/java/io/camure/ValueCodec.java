package io.camure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Makes bytes of the values that nodes give in a {@link Collective}, and values of bytes again. All nodes of a group need one of the
 * same name, by which is told whether they understand each other: a round in which the names differ breaks.
 *
 * <p>Used by several threads at once, and never by one that holds up the session.
 */
public interface ValueCodec<T> {

    /** What nodes compare, such as {@code long}: 1…64 bytes of UTF-8, printable, without spaces around it. */
    String name();

    /** The bytes of a value. What it throws is thrown by the call that has given the value. */
    byte[] encode(T value);

    /**
     * The value of bytes that an {@link #encode} of this name has made, perhaps on another node. What it throws breaks the round where
     * values are reduced, and otherwise fails the call.
     *
     * @throws IllegalArgumentException if they are of no value
     */
    T decode(byte[] encoded);

    /** Named {@code long}: 8 bytes, big-endian. */
    static ValueCodec<Long> longs() {
        return BuiltIn.LONGS;
    }

    /** Named {@code int}: 4 bytes, big-endian. */
    static ValueCodec<Integer> integers() {
        return BuiltIn.INTEGERS;
    }

    /** Named {@code double}: the 8 bytes of IEEE 754, big-endian. */
    static ValueCodec<Double> doubles() {
        return BuiltIn.DOUBLES;
    }

    /** Named {@code boolean}: one byte, 0 or 1. */
    static ValueCodec<Boolean> booleans() {
        return BuiltIn.BOOLEANS;
    }

    /** Named {@code string}: UTF-8. */
    static ValueCodec<String> strings() {
        return BuiltIn.STRINGS;
    }

    /** Named {@code bytes}: the bytes themselves. Arrays are neither copied nor to be changed while a call uses them. */
    static ValueCodec<byte[]> bytes() {
        return BuiltIn.BYTES;
    }

    /** One that all nodes have. */
    final class BuiltIn<T> implements ValueCodec<T> {

        private static final int ANY = -1;

        static final ValueCodec<Long> LONGS = new BuiltIn<>(
                "long",
                Long.BYTES,
                value -> ByteBuffer.allocate(Long.BYTES).putLong(value).array(),
                encoded -> ByteBuffer.wrap(encoded).getLong());

        static final ValueCodec<Integer> INTEGERS = new BuiltIn<>(
                "int",
                Integer.BYTES,
                value -> ByteBuffer.allocate(Integer.BYTES).putInt(value).array(),
                encoded -> ByteBuffer.wrap(encoded).getInt());

        static final ValueCodec<Double> DOUBLES = new BuiltIn<>(
                "double",
                Double.BYTES,
                value -> ByteBuffer.allocate(Double.BYTES).putDouble(value).array(),
                encoded -> ByteBuffer.wrap(encoded).getDouble());

        static final ValueCodec<Boolean> BOOLEANS =
                new BuiltIn<>("boolean", 1, value -> new byte[] {(byte) (value ? 1 : 0)}, encoded -> encoded[0] != 0);

        static final ValueCodec<String> STRINGS = new BuiltIn<>(
                "string",
                ANY,
                value -> value.getBytes(StandardCharsets.UTF_8),
                encoded -> new String(encoded, StandardCharsets.UTF_8));

        static final ValueCodec<byte[]> BYTES = new BuiltIn<>("bytes", ANY, value -> value, encoded -> encoded);

        private final String name;
        private final int fixedBytes;
        private final Function<T, byte[]> encoding;
        private final Function<byte[], T> decoding;

        private BuiltIn(String name, int fixedBytes, Function<T, byte[]> encoding, Function<byte[], T> decoding) {
            this.name = name;
            this.fixedBytes = fixedBytes;
            this.encoding = encoding;
            this.decoding = decoding;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public byte[] encode(T value) {
            return encoding.apply(value);
        }

        @Override
        public T decode(byte[] encoded) {
            if (fixedBytes != ANY && encoded.length != fixedBytes) {
                throw new IllegalArgumentException(
                        "a value of " + encoded.length + " bytes is no " + name + ", which has " + fixedBytes);
            }
            return decoding.apply(encoded);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
