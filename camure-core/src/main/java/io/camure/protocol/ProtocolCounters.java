package io.camure.protocol;

import io.camure.wire.ChunkType;
import io.camure.wire.Refusal;

/** What a session has sent, received and refused so far. */
public final class ProtocolCounters {

    private final long[] received = new long[ChunkType.values().length];
    private final long[] refused = new long[Refusal.values().length];
    private long retransmissions;
    private long receipts;

    public void onReceived(ChunkType type) {
        received[type.ordinal()]++;
    }

    public void onRefused(Refusal refusal) {
        refused[refusal.ordinal()]++;
    }

    void onRetransmission() {
        retransmissions++;
    }

    /** A member has said what it has of a broadcast. */
    void onReceipt() {
        receipts++;
    }

    /** How often a member has said, or to the coordinator its members, what it has of a broadcast. */
    public long receipts() {
        return receipts;
    }

    public long retransmissions() {
        return retransmissions;
    }

    public long received(ChunkType type) {
        return received[type.ordinal()];
    }

    public long refused(Refusal refusal) {
        return refused[refusal.ordinal()];
    }
}
