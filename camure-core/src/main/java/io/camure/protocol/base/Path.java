package io.camure.protocol.base;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.PathReport;

/**
 * How long the datagrams are that get to a node, by Datagram Packetization Layer Path MTU Discovery (RFC 8899): found out by
 * probes of that length which the node reports, and not by what routers say, so that a path that loses longer ones without a word
 * is noticed.
 *
 * <p>First the longest that may get there is tried. When it is missing from {@value #TRIES} reports, all lengths of a ladder are
 * tried at once, as often, and the longest one counts that was ever reported. A probe that is lost by chance so changes nothing.
 * What is sent by multicast has to get there by multicast, too, and all by unicast.
 */
public final class Path {

    /** MAX_PROBES of RFC 8899. */
    static final int TRIES = 3;

    /** A node that has not answered so often does not. */
    private static final int UNANSWERED = 8;

    /** After how many probes by multicast without a long one beside it that is missed, and not late. */
    private static final int MISSES = 2;

    /** How often a chunk is sent again in vain until its length may be why. */
    private static final int SUSPICIOUS_REPAIRS = 3;

    /** PMTU_RAISE_TIMER of RFC 8899. */
    private static final long RAISE_NANOS = MINUTES.toNanos(10);

    /** Nothing is tried again within this time after it was found out. */
    private static final long REST_NANOS = SECONDS.toNanos(1);

    /** Between two rounds, and for a node that does not answer twice as long each time, up to {@link #LONGEST_PAUSE_NANOS}. */
    public static final long PAUSE_NANOS = MILLISECONDS.toNanos(50);

    private static final long LONGEST_PAUSE_NANOS = SECONDS.toNanos(1);

    /** A node that comes has its multicast socket by then. */
    private static final long FIRST_NANOS = MILLISECONDS.toNanos(100);

    private final boolean probed;
    private final int goalBytes;
    private final int safeBytes;
    private int bytes;
    private int toldBytes;
    private Phase phase = Phase.SETTLED;
    private int tries;
    private int unanswered;
    private int bestBytes;
    private boolean unicastFails;
    private boolean multicastFails;
    private boolean requested;
    private long settledNanos;
    private long changedNanos;

    /** Nothing is tried before. */
    private long notBeforeNanos;

    /** While it is tried. */
    private long nextRoundNanos;

    /** The first round of this phase; 0 before it. */
    private int firstRound;

    private int reportedRound;
    private int checkedProbe;
    private int misses;

    private enum Phase {
        SETTLED,
        /** The longest length is tried. */
        TESTING,
        /** All lengths are tried. */
        SEARCHING
    }

    /**
     * @param probed whether the node reports probes
     * @param interfaceBytes the longest datagram that its interface takes, or 0 when it does not say
     */
    public Path(PathSizes sizes, boolean probed, int interfaceBytes, long nowNanos) {
        notBeforeNanos = nowNanos + FIRST_NANOS;
        settledNanos = nowNanos;
        this.probed = probed;
        boolean limited = !sizes.given() && interfaceBytes > 0;
        int most = limited ? Math.min(sizes.mostBytes(), interfaceBytes) : sizes.mostBytes();
        goalBytes = probed ? Math.max(PathSizes.LEAST_BYTES, most) : sizes.unprovenBytes();
        safeBytes = Math.min(goalBytes, sizes.unprovenBytes());
        bytes = safeBytes;
        toldBytes = safeBytes;
        // Nothing is shorter than the shortest chunk size.
        requested = probed && goalBytes > PathSizes.LEAST_BYTES;
    }

    /** The longest datagram that is sent to it. */
    public int bytes() {
        return bytes;
    }

    /** The longest one that is hoped for. */
    public int goalBytes() {
        return goalBytes;
    }

    /** Whether it is less than what it was without any probe. */
    public boolean isLowered() {
        return bytes < safeBytes;
    }

    /** Whether longer chunks can be sent to it in pieces. */
    public boolean takesPieces() {
        return probed;
    }

    /** Whether longer ones did not get there by unicast, and by multicast, when that was found out last. */
    public boolean unicastFails() {
        return unicastFails;
    }

    public boolean multicastFails() {
        return multicastFails;
    }

    /** A chunk was sent again to the node, for so many times in a row without its having got there. */
    public void onRepaired(int times) {
        if (times % SUSPICIOUS_REPAIRS == 0) {
            request();
        }
    }

    /**
     * The node has lacked a long chunk for some time: its length may be why, unless that has been found out meanwhile.
     *
     * @return whether it is being found out, or about to be
     */
    public boolean onHeldUp(long sinceNanos) {
        boolean unknown = probed && goalBytes > PathSizes.LEAST_BYTES && settledNanos < sinceNanos;
        if (unknown && phase == Phase.SETTLED) {
            request();
        }
        return unknown || isTried();
    }

    /** The node is served by multicast from now on. */
    public void onHearing() {
        request();
        notBeforeNanos = Long.MIN_VALUE;
    }

    private void request() {
        requested = probed && goalBytes > PathSizes.LEAST_BYTES;
    }

    /**
     * Begins what was asked for, unless it has just been found out.
     *
     * @return whether a round of probes is to go to it now
     */
    public boolean begin(long nowNanos) {
        boolean raise = isLowered() && nowNanos - settledNanos >= RAISE_NANOS;
        boolean due = requested && nowNanos >= notBeforeNanos;
        if (phase == Phase.SETTLED && (raise || due)) {
            requested = false;
            unanswered = 0;
            nextRoundNanos = nowNanos;
            enter(Phase.TESTING);
        }
        return phase != Phase.SETTLED && nowNanos >= nextRoundNanos;
    }

    /** When a round of probes is to go to it, as far as that is known. */
    public long nextRoundNanos() {
        if (phase != Phase.SETTLED) {
            return nextRoundNanos;
        } else if (requested) {
            return notBeforeNanos;
        }
        return isLowered() ? settledNanos + RAISE_NANOS : RetryTimer.NEVER;
    }

    /** Whether rounds of probes go to it. */
    public boolean isTried() {
        return phase != Phase.SETTLED;
    }

    /** Whether that is one of all lengths up to the longest, and not of that one alone. */
    public boolean isSearching() {
        return phase == Phase.SEARCHING;
    }

    /** When the length was last found to be another one. */
    public long changedNanos() {
        return changedNanos;
    }

    /** A round of probes goes to it, with a number that is not 0. */
    public void onRound(int round, long nowNanos) {
        if (firstRound == 0) {
            firstRound = round;
            reportedRound = round - 1;
        }
        nextRoundNanos = nowNanos + Math.min(PAUSE_NANOS << unanswered, LONGEST_PAUSE_NANOS);
        if (++unanswered > UNANSWERED) {
            // It says nothing, so that nothing is known.
            settle(bytes, nowNanos);
        }
    }

    /**
     * It has reported a round, for which it was asked.
     *
     * @param current the number of the last round
     * @param hears whether what is for all goes to it by multicast
     */
    public void onReport(PathReport report, int current, boolean hears, long nowNanos) {
        boolean ofThisPhase = phase != Phase.SETTLED && firstRound != 0 && report.round() - reportedRound > 0;
        if (!ofThisPhase || report.round() - current > 0) {
            return;
        }
        reportedRound = report.round();
        unanswered = 0;
        // Who hears not even the shortest one does not hear by multicast: its length is not why.
        boolean byMulticast = hears && (phase == Phase.TESTING || report.multicastBytes() > 0);
        int reached = byMulticast ? Math.min(report.unicastBytes(), report.multicastBytes()) : report.unicastBytes();
        unicastFails = report.unicastBytes() < goalBytes;
        multicastFails = byMulticast && report.multicastBytes() < goalBytes;
        if (reached >= goalBytes) {
            settle(goalBytes, nowNanos);
            return;
        }
        bestBytes = phase == Phase.SEARCHING ? Math.max(bestBytes, reached) : 0;
        if (++tries < TRIES) {
            return;
        }
        if (phase == Phase.TESTING) {
            enter(Phase.SEARCHING);
        } else {
            settle(Math.max(bestBytes, PathSizes.LEAST_BYTES), nowNanos);
        }
    }

    private void enter(Phase next) {
        phase = next;
        tries = 0;
        firstRound = 0;
    }

    private void settle(int found, long nowNanos) {
        phase = Phase.SETTLED;
        settledNanos = nowNanos;
        notBeforeNanos = nowNanos + REST_NANOS;
        if (found != bytes) {
            changedNanos = nowNanos;
        }
        bytes = found;
        misses = 0;
    }

    /**
     * It has told that it heard a probe by multicast, beside which a long one was sent.
     *
     * @param probe the number of that
     * @param heardBytes how long the one was beside it that it heard, 0 for none
     */
    public void onHeardBeside(int probe, int heardBytes) {
        if (phase != Phase.SETTLED || probe == checkedProbe) {
            return;
        }
        checkedProbe = probe;
        misses = heardBytes >= bytes ? 0 : misses + 1;
        if (misses >= MISSES) {
            misses = 0;
            request();
        }
    }

    /** How long it was at the last {@link #takeChange}. */
    public int toldBytes() {
        return toldBytes;
    }

    /** Whether the length has changed since the last call. */
    public boolean takeChange() {
        boolean changed = toldBytes != bytes;
        toldBytes = bytes;
        return changed;
    }
}
