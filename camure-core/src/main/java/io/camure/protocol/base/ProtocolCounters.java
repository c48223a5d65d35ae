package io.camure.protocol.base;

import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a session has sent, received and dropped so far. One thread at a time counts; any thread reads, without waiting and
 * without anything being copied for it.
 */
public final class ProtocolCounters {

    private static final int RETRANSMISSIONS = ChunkType.values().length;
    private static final int STATUS_REPORTS = RETRANSMISSIONS + 1;
    private static final int KEY_CHANGES = STATUS_REPORTS + 1;
    private static final int HANDSHAKES = KEY_CHANGES + 1;
    private static final int HEADERS = HANDSHAKES + HandshakeOutcome.values().length;
    private static final int DROPPED = HEADERS + HeaderOutcome.values().length;

    private static final long NO_KEY = Long.MIN_VALUE;

    /** Received chunks by type, the single counts, handshakes and headers by outcome, then dropped datagrams by reason. */
    private final AtomicLongArray counts = new AtomicLongArray(DROPPED + DropReason.values().length);

    /** Since when the key is in use that this node shares. */
    private volatile long keySinceNanos = NO_KEY;

    public void onReceived(ChunkType type) {
        count(type.ordinal());
    }

    public void onDropped(DropReason reason) {
        count(DROPPED + reason.ordinal());
    }

    public void onRetransmission() {
        count(RETRANSMISSIONS);
    }

    /** A member has said what it has of a broadcast. */
    public void onStatusReport() {
        count(STATUS_REPORTS);
    }

    public void onHandshake(HandshakeOutcome outcome) {
        count(HANDSHAKES + outcome.ordinal());
    }

    public void onHeaders(HeaderOutcome outcome) {
        count(HEADERS + outcome.ordinal());
    }

    /** A key was followed by another. */
    public void onKeyChange() {
        count(KEY_CHANGES);
    }

    /** The key whose age is told has been in use since then. */
    public void onKeySince(long nanos) {
        keySinceNanos = nanos;
    }

    private void count(int index) {
        counts.setRelease(index, counts.getPlain(index) + 1);
    }

    /** How often a member has said, or to the coordinator its members, what it has of a broadcast. */
    public long statusReports() {
        return counts.getAcquire(STATUS_REPORTS);
    }

    public long handshakes(HandshakeOutcome outcome) {
        return counts.getAcquire(HANDSHAKES + outcome.ordinal());
    }

    public long headers(HeaderOutcome outcome) {
        return counts.getAcquire(HEADERS + outcome.ordinal());
    }

    /** How often a key was followed by another. */
    public long keyChanges() {
        return counts.getAcquire(KEY_CHANGES);
    }

    /** How long ago a key came into use, at a time of the session's clock; empty when there is none. */
    public OptionalLong keyAgeNanos(long nowNanos) {
        long since = keySinceNanos;
        return since == NO_KEY ? OptionalLong.empty() : OptionalLong.of(Math.max(0, nowNanos - since));
    }

    public long retransmissions() {
        return counts.getAcquire(RETRANSMISSIONS);
    }

    public long received(ChunkType type) {
        return counts.getAcquire(type.ordinal());
    }

    /** Those of all types. */
    public long received() {
        long all = 0;
        for (int i = 0; i < RETRANSMISSIONS; i++) {
            all += counts.getAcquire(i);
        }
        return all;
    }

    public long dropped(DropReason reason) {
        return counts.getAcquire(DROPPED + reason.ordinal());
    }
}
