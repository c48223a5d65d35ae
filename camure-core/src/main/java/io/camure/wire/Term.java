package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * The extension field by which a coordinator tells in which term it was elected (u64, never 0). Only who joins reads it, and so
 * it is no part of {@link Extension}.
 */
public final class Term {

    /** The highest one: there is always room above it for the next ones, and nobody gets to it by elections. */
    public static final long MOST = 1L << 62;

    /** By so much a term may be higher than the one before, or than none, so that terms may be times in milliseconds, too. */
    private static final long MOST_STEP = 1L << 48;

    private static final int FIELD = 19;

    private Term() {}

    /** Adds a term to the {@link Extension} of a SessionWelcome; nothing for 0. */
    public static void write(ByteBuffer target, long term) {
        if (term != 0) {
            target.put((byte) FIELD).put((byte) Long.BYTES).putLong(term);
        }
    }

    /**
     * Whether elections can have come to a term.
     *
     * @param known the highest one that is known; 0 for none
     */
    public static boolean isPlausible(long term, long known) {
        return term <= MOST && term - known <= MOST_STEP;
    }

    /**
     * The term in a SessionWelcome: 0 when it tells none, as coordinators don't that nobody has elected. One of 2⁶³ and more
     * reads as the highest {@code long}.
     */
    public static long of(ChunkReader welcome) {
        ByteBuffer fields = welcome.fields();
        long term = 0;
        while (fields.remaining() >= 2) {
            int type = fields.get() & 0xFF;
            int length = Math.min(fields.get() & 0xFF, fields.remaining());
            int next = fields.position() + length;
            if (type == FIELD && length >= Long.BYTES) {
                long told = fields.getLong();
                term = told < 0 ? Long.MAX_VALUE : told;
            }
            fields.position(next);
        }
        return term;
    }
}
