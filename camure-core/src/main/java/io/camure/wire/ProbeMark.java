package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * What the probes of a coordinator carry to show that they are its own: a random number of 8 bytes, which it tells in the
 * SessionWelcome of each node that has proven its address, and puts behind the header of each MulticastProbe and PathProbe.
 */
public final class ProbeMark {

    /** In place of a mark, where there is none. */
    public static final long NONE = 0;

    private static final int FIELD = 18;
    private static final int FIELD_HEADER_BYTES = 2;

    private ProbeMark() {}

    /** Adds it to the {@link Extension} of a SessionWelcome. */
    public static void tell(ByteBuffer welcome, long mark) {
        welcome.put((byte) FIELD).put((byte) Long.BYTES).putLong(mark);
    }

    /** The one that a SessionWelcome tells, or {@link #NONE}. Of several, the last one counts, as with other fields. */
    public static long toldIn(ChunkReader welcome) {
        long mark = NONE;
        int at = ChunkType.SESSION_WELCOME.minimumBytes();
        while (at + FIELD_HEADER_BYTES <= welcome.lengthBytes()) {
            int type = welcome.byteAt(at);
            int length = welcome.byteAt(at + 1);
            at += FIELD_HEADER_BYTES;
            if (type == FIELD && length >= Long.BYTES && at + Long.BYTES <= welcome.lengthBytes()) {
                mark = welcome.longAt(at);
            }
            at += length;
        }
        return mark;
    }

    /** Adds it to the header of a MulticastProbe or PathProbe. */
    public static void put(ByteBuffer probe, long mark) {
        probe.putLong(mark);
    }

    /** The one of a MulticastProbe or PathProbe, or {@link #NONE}. */
    public static long of(ChunkReader probe) {
        int at = probe.type().minimumBytes();
        return at + Long.BYTES <= probe.lengthBytes() ? probe.longAt(at) : NONE;
    }
}
