package io.camure.protocol.round;

import io.camure.protocol.group.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the participants of the last rounds have arrived, and who kept the others waiting. It allocates only while rounds have
 * more participants than any before.
 */
public final class ArrivalRecord {

    private final Row[] rows;

    /** How many rounds were recorded, so that the current one is in the row of this number. */
    private long ended;

    private long coordinatorTimesLast;
    private long coordinatorWaitNanos;

    /** @param rounds how many of the last ones are kept */
    ArrivalRecord(int rounds) {
        // One more, for the current round.
        rows = new Row[rounds + 1];
        Arrays.setAll(rows, index -> new Row());
    }

    /** The arrivals at one round. */
    private static final class Row {
        private long round;
        private long endNanos;
        private boolean broken;
        private int arrivals;
        private @Nullable Membership[] who = new Membership[4];
        private long[] nanos = new long[4];

        private void add(@Nullable Membership member, long nowNanos) {
            if (arrivals == nanos.length) {
                who = Arrays.copyOf(who, 2 * arrivals);
                nanos = Arrays.copyOf(nanos, 2 * arrivals);
            }
            who[arrivals] = member;
            nanos[arrivals] = nowNanos;
            arrivals++;
        }
    }

    /**
     * A round that has ended.
     *
     * @param beganNanos when the first participant arrived
     */
    public record Past(long round, long beganNanos, long endNanos, boolean broken, List<Arrival> arrivals) {}

    /** @param member {@code null} is the coordinator */
    public record Arrival(@Nullable Membership member, long nanos) {}

    private Row row(long index) {
        return rows[(int) (index % rows.length)];
    }

    /** @param member {@code null} is the coordinator */
    void onArrival(@Nullable Membership member, long nowNanos) {
        row(ended).add(member, nowNanos);
    }

    /** Who has arrived at this round goes, and does not count for it any more. */
    void onGone(Membership member) {
        Row row = row(ended);
        int kept = 0;
        for (int i = 0; i < row.arrivals; i++) {
            if (row.who[i] != member) {
                row.who[kept] = row.who[i];
                row.nanos[kept++] = row.nanos[i];
            }
        }
        Arrays.fill(row.who, kept, row.arrivals, null);
        row.arrivals = kept;
    }

    /** A round ends, with the last arrival if that is now: what ends one that waits for nobody any more is a loss. */
    void onEnd(long round, boolean broken, long nowNanos) {
        Row row = row(ended);
        row.round = round;
        row.endNanos = nowNanos;
        row.broken = broken;
        int last = row.arrivals - 1;
        if (!broken && last > 0 && row.nanos[last] == nowNanos) {
            onLast(row.who[last], nowNanos - row.nanos[last - 1]);
        }
        ended++;
        Row next = row(ended);
        next.arrivals = 0;
        Arrays.fill(next.who, null);
    }

    private void onLast(@Nullable Membership member, long waitNanos) {
        if (member == null) {
            coordinatorTimesLast++;
            coordinatorWaitNanos += waitNanos;
        } else {
            MemberRounds.of(member).onLast(waitNanos);
        }
    }

    /** The last rounds that have ended, the oldest first. */
    public List<Past> rounds() {
        List<Past> past = new ArrayList<>();
        for (long index = Math.max(0, ended - rows.length + 1); index < ended; index++) {
            Row row = row(index);
            List<Arrival> arrivals = new ArrayList<>(row.arrivals);
            for (int i = 0; i < row.arrivals; i++) {
                arrivals.add(new Arrival(row.who[i], row.nanos[i]));
            }
            // One that breaks before anybody has been seen to arrive has no length.
            long beganNanos = row.arrivals == 0 ? row.endNanos : row.nanos[0];
            past.add(new Past(row.round, beganNanos, row.endNanos, row.broken, arrivals));
        }
        return past;
    }

    /** @param member {@code null} is the coordinator */
    public long timesLast(@Nullable Membership member) {
        return member == null ? coordinatorTimesLast : MemberRounds.of(member).timesLast();
    }

    /** @param member {@code null} is the coordinator */
    public long waitNanos(@Nullable Membership member) {
        return member == null ? coordinatorWaitNanos : MemberRounds.of(member).waitNanos();
    }

    /** How long a member takes to answer, smoothed, or negative while that was not measured. */
    public long roundTripNanos(Membership member) {
        return MemberRounds.of(member).roundTripNanos();
    }
}
