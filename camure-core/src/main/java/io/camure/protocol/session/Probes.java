package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.ProbeMark;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The numbered probes that go to the multicast address to find out who hears it: one every few heartbeats, and one more of the
 * same number for a node that comes. They are short, and {@link Paths} has long ones beside them, which some networks lose while they
 * deliver short ones; to nodes that know of none they are long themselves.
 */
final class Probes {

    /** Heartbeat intervals between two numbers: each is told by the members before the next one. */
    static final int HEARTBEATS = 2;

    /** Many nodes that come together share a probe. */
    static final long CLOSEST_NANOS = MILLISECONDS.toNanos(100);

    private final SessionSettings settings;
    private final Outbox outbox;
    private final Paths paths;
    private final long intervalNanos;

    /** Of another number than those of an earlier incarnation of the coordinator. */
    private int number;

    private long nextNumberNanos = RetryTimer.NEVER;

    /** Whether that follows from the last one, and not from who needs the first. */
    private boolean numbering;

    private long requestedNanos = RetryTimer.NEVER;
    private long sentNanos = -CLOSEST_NANOS;
    private ByteBuffer probe = ByteBuffer.allocate(0);

    /** Shows members that a probe is one of these: who is not in the session does not know it. */
    private final long mark;

    Probes(SessionSettings settings, long incarnation, RandomGenerator random, Outbox outbox) {
        mark = random.nextLong() | 1;
        paths = new Paths(settings, incarnation, mark, outbox);
        this.settings = settings;
        this.outbox = outbox;
        intervalNanos = HEARTBEATS * settings.heartbeatIntervalNanos();
        number = (int) (incarnation >>> Integer.SIZE);
    }

    /** The long ones beside these. */
    Paths paths() {
        return paths;
    }

    /** Tells a node that is let in, if it has proven its address, by what it knows probes. */
    void tellMark(ByteBuffer welcome, Extension offer) {
        if (Capability.HARDENED.isIn(offer.capabilities())) {
            ProbeMark.tell(welcome, mark);
        }
    }

    /** The number of the last one. */
    int number() {
        return number;
    }

    /**
     * There is a node that may have to be found out about.
     *
     * @param soonestNanos when it listens to the multicast address
     */
    void onNeeded(Peer peer, long soonestNanos) {
        if (peer.hearing().isUnknown()) {
            requestedNanos = Math.min(requestedNanos, Math.max(soonestNanos, sentNanos + CLOSEST_NANOS));
            if (!numbering) {
                // One from before would be known to those that have come back.
                nextNumberNanos = requestedNanos;
            }
        }
    }

    /** Also that of {@link Paths}. */
    void onDeadline(PeerTable peers, long nowNanos) {
        if (nowNanos >= paths.nextDeadlineNanos()) {
            paths.onDeadline(peers.all(), nowNanos);
        }
        if (nowNanos < Math.min(nextNumberNanos, requestedNanos)) {
            return;
        }
        requestedNanos = RetryTimer.NEVER;
        if (!peers.needsProbes()) {
            nextNumberNanos = RetryTimer.NEVER;
            numbering = false;
            return;
        }
        boolean next = nowNanos >= nextNumberNanos;
        if (next) {
            advance(nowNanos);
        }
        sentNanos = nowNanos;
        send(peers.needsLongProbes() ? settings.pathSizes().unprovenBytes() : PathSizes.LEAST_BYTES);
        if (next) {
            paths.sendBeside(number, peers.all());
        }
    }

    private void advance(long nowNanos) {
        // 0 means none.
        number = number == -1 ? 1 : number + 1;
        nextNumberNanos = nowNanos + intervalNanos;
        numbering = true;
    }

    private void send(int datagramBytes) {
        int bytes = datagramBytes - outbox.overheadBytes();
        if (probe.capacity() < bytes) {
            probe = ByteBuffer.allocateDirect(bytes);
        }
        ChunkWriter.multicastProbe(probe.clear(), number);
        ProbeMark.put(probe, mark);
        outbox.send(settings.multicastAddress(), probe, 0, bytes);
    }

    long nextDeadlineNanos() {
        return Math.min(Math.min(nextNumberNanos, requestedNanos), paths.nextDeadlineNanos());
    }
}
