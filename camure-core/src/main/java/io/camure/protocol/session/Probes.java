package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;

/**
 * The numbered probes that go to the multicast address to find out who hears it: one every few heartbeats, and one more of the
 * same number for a node that comes. They are as long as the longest chunk, which some networks lose while they deliver short ones.
 */
final class Probes {

    /** Heartbeat intervals between two numbers: each is told by the members before the next one. */
    static final int HEARTBEATS = 2;

    /** Many nodes that come together share a probe. */
    static final long CLOSEST_NANOS = MILLISECONDS.toNanos(100);

    private final SessionSettings settings;
    private final Outbox outbox;
    private final long intervalNanos;

    /** Of another number than those of an earlier incarnation of the coordinator. */
    private int number;

    private long nextNumberNanos = RetryTimer.NEVER;

    /** Whether that follows from the last one, and not from who needs the first. */
    private boolean numbering;

    private long requestedNanos = RetryTimer.NEVER;
    private long sentNanos = -CLOSEST_NANOS;
    private ByteBuffer probe = ByteBuffer.allocate(0);

    Probes(SessionSettings settings, long incarnation, Outbox outbox) {
        this.settings = settings;
        this.outbox = outbox;
        intervalNanos = HEARTBEATS * settings.heartbeatIntervalNanos();
        number = (int) (incarnation >>> Integer.SIZE);
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

    /** @param needed whether there is any node that tells which it heard */
    void onDeadline(boolean needed, long nowNanos) {
        if (nowNanos < nextDeadlineNanos()) {
            return;
        }
        requestedNanos = RetryTimer.NEVER;
        if (!needed) {
            nextNumberNanos = RetryTimer.NEVER;
            numbering = false;
            return;
        }
        if (nowNanos >= nextNumberNanos) {
            advance(nowNanos);
        }
        sentNanos = nowNanos;
        send();
    }

    private void advance(long nowNanos) {
        // 0 means none.
        number = number == -1 ? 1 : number + 1;
        nextNumberNanos = nowNanos + intervalNanos;
        numbering = true;
    }

    private void send() {
        int bytes = settings.chunkSizeBytes() - outbox.overheadBytes();
        if (probe.capacity() == 0) {
            probe = ByteBuffer.allocateDirect(bytes);
        }
        ChunkWriter.multicastProbe(probe.clear(), number);
        outbox.send(settings.multicastAddress(), probe, 0, bytes);
    }

    long nextDeadlineNanos() {
        return Math.min(nextNumberNanos, requestedNanos);
    }
}
