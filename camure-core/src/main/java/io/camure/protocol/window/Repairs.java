package io.camure.protocol.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * To whom a chunk was sent again lately, so that nobody gets it twice within a round trip: to one or two by unicast, to
 * all by multicast when a third one lacks it.
 */
final class Repairs {

    /** How a chunk is to be sent again. */
    enum Way {
        NOT,
        UNICAST,
        MULTICAST
    }

    private static final long NEVER = Long.MIN_VALUE;

    private final long[] sinceNanos;
    private final @Nullable Receiver[] first;
    private final @Nullable Receiver[] second;
    private final boolean[] multicast;
    private final int mask;

    Repairs(int slots) {
        int places = Integer.highestOneBit(2 * slots - 1);
        mask = places - 1;
        sinceNanos = new long[places];
        first = new Receiver[places];
        second = new Receiver[places];
        multicast = new boolean[places];
        Arrays.fill(sinceNanos, NEVER);
    }

    /** The place of a chunk is used for another one. */
    void clear(long sequence) {
        int i = (int) sequence & mask;
        sinceNanos[i] = NEVER;
        first[i] = null;
        second[i] = null;
        multicast[i] = false;
    }

    /**
     * Decides how to send a chunk again to a receiver that lacks it, and takes it for done.
     *
     * @param mayMulticast whether every receiver would understand the chunk
     */
    Way decide(long sequence, Receiver receiver, boolean mayMulticast, long roundTripNanos, long nowNanos) {
        int i = (int) sequence & mask;
        if (sinceNanos[i] == NEVER || nowNanos - sinceNanos[i] >= roundTripNanos) {
            clear(sequence);
            sinceNanos[i] = nowNanos;
        }
        if (multicast[i] || first[i] == receiver || second[i] == receiver) {
            return Way.NOT;
        } else if (first[i] == null) {
            first[i] = receiver;
            return Way.UNICAST;
        } else if (second[i] == null) {
            second[i] = receiver;
            return Way.UNICAST;
        } else if (mayMulticast) {
            multicast[i] = true;
            return Way.MULTICAST;
        }
        // More than two each for itself: only the last ones are remembered.
        first[i] = second[i];
        second[i] = receiver;
        return Way.UNICAST;
    }
}
