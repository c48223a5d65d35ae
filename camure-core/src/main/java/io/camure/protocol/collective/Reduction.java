package io.camure.protocol.collective;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Reduces values as the bytes that they are, in the turn of the session, and without allocating anything. */
public final class Reduction {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int ANY_LENGTH = 0;

    /** By the names of reducer and codec. */
    private static final Map<String, Reduction> ALL = Map.ofEntries(
            entry("sum", "long", Long.BYTES, Long::sum),
            entry("min", "long", Long.BYTES, Math::min),
            entry("max", "long", Long.BYTES, Math::max),
            entry("and", "long", Long.BYTES, (a, b) -> a & b),
            entry("or", "long", Long.BYTES, (a, b) -> a | b),
            entry("sum", "int", Integer.BYTES, Long::sum),
            entry("min", "int", Integer.BYTES, Math::min),
            entry("max", "int", Integer.BYTES, Math::max),
            entry("and", "int", Integer.BYTES, (a, b) -> a & b),
            entry("or", "int", Integer.BYTES, (a, b) -> a | b),
            entry("sum", "double", Long.BYTES, (a, b) -> bits(of(a) + of(b))),
            entry("min", "double", Long.BYTES, (a, b) -> bits(Math.min(of(a), of(b)))),
            entry("max", "double", Long.BYTES, (a, b) -> bits(Math.max(of(a), of(b)))),
            entry("and", "boolean", 1, (a, b) -> a & b),
            entry("or", "boolean", 1, (a, b) -> a | b),
            entry("concat", "string", ANY_LENGTH, Long::sum),
            entry("concat", "bytes", ANY_LENGTH, Long::sum));

    private final int bytes;
    private final LongBinaryOperator operator;

    /** @param bytes how many each value has, or {@link #ANY_LENGTH} where one is put behind the other */
    private Reduction(int bytes, LongBinaryOperator operator) {
        this.bytes = bytes;
        this.operator = operator;
    }

    private static Map.Entry<String, Reduction> entry(
            String reducer, String codec, int bytes, LongBinaryOperator operator) {
        return Map.entry(key(reducer, codec), new Reduction(bytes, operator));
    }

    private static String key(String reducer, String codec) {
        return reducer + ' ' + codec;
    }

    /** The built-in one of these names, or {@code null}. */
    public static @Nullable Reduction of(String reducer, String codec) {
        return ALL.get(key(reducer, codec));
    }

    private static double of(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /**
     * Reduces what was reduced so far with one more value.
     *
     * @param reduced what was reduced so far is what it has from {@code start} on; nothing while there was no value
     * @param first whether there was none
     * @return whether it is a value
     */
    boolean add(Bytes reduced, int start, boolean first, byte[] source, int from, int length) {
        if (bytes != ANY_LENGTH && length != bytes) {
            return false;
        }
        if (first || bytes == ANY_LENGTH) {
            reduced.append(source, from, length);
        } else {
            write(reduced.array(), start, operator.applyAsLong(read(reduced.array(), start), read(source, from)));
        }
        return true;
    }

    private long read(byte[] array, int at) {
        return switch (bytes) {
            case Long.BYTES -> (long) LONG.get(array, at);
            case Integer.BYTES -> (int) INT.get(array, at);
            default -> array[at] == 0 ? 0 : 1;
        };
    }

    private void write(byte[] array, int at, long value) {
        switch (bytes) {
            case Long.BYTES -> LONG.set(array, at, value);
            case Integer.BYTES -> INT.set(array, at, (int) value);
            default -> array[at] = (byte) value;
        }
    }

    /** Whether all have voted so. */
    static final Reduction AGREEMENT = new Reduction(1, (a, b) -> a & b);
}
