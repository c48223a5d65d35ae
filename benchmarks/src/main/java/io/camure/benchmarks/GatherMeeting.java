package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;
import java.nio.ByteBuffer;
import java.util.List;

/** Rounds in which all nodes give bytes and get those of all, whose number, lengths and stamps are checked in each. */
public abstract class GatherMeeting implements Meeting {

    private final int nodes;
    private final int index;
    private byte[] value = new byte[Long.BYTES];
    private long round;

    protected GatherMeeting(Place place) {
        nodes = place.members() + 1;
        index = place.index();
    }

    /** Gives bytes, and when all nodes have, gives back those of all. The array is used again after the call. */
    protected abstract List<byte[]> exchange(byte[] bytes) throws Exception;

    @Override
    public final void carry(int bytes) {
        value = new byte[bytes];
    }

    @Override
    public final void await() throws Exception {
        round++;
        ByteBuffer.wrap(value).putLong(round * nodes + index);
        List<byte[]> all = exchange(value);
        long stamps = 0;
        for (byte[] one : all) {
            if (one.length != value.length) {
                throw new IllegalStateException(
                        "round " + round + " has a value of " + one.length + " bytes instead of " + value.length);
            }
            stamps += Stamps.first(one, 0);
        }
        long expected = round * nodes * nodes + nodes * (nodes - 1L) / 2;
        if (all.size() != nodes || stamps != expected) {
            throw new IllegalStateException("round " + round + " has other values than those that were given");
        }
    }
}
