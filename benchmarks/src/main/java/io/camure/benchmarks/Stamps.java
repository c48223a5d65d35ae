package io.camure.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What a message begins with: its number, or when it was sent. */
public final class Stamps {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Stamps() {}

    public static long first(byte[] message, int offset) {
        return (long) LONGS.get(message, offset);
    }
}
