package io.camure.protocol.base;

import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;

/** What a session has sent, received and dropped so far. */
public final class ProtocolCounters {

    private final long[] received = new long[ChunkType.values().length];
    private final long[] dropped = new long[DropReason.values().length];
    private long retransmissions;
    private long statusReports;

    public void onReceived(ChunkType type) {
        received[type.ordinal()]++;
    }

    public void onDropped(DropReason reason) {
        dropped[reason.ordinal()]++;
    }

    public void onRetransmission() {
        retransmissions++;
    }

    /** A member has said what it has of a broadcast. */
    public void onStatusReport() {
        statusReports++;
    }

    /** How often a member has said, or to the coordinator its members, what it has of a broadcast. */
    public long statusReports() {
        return statusReports;
    }

    public long retransmissions() {
        return retransmissions;
    }

    public long received(ChunkType type) {
        return received[type.ordinal()];
    }

    public long dropped(DropReason reason) {
        return dropped[reason.ordinal()];
    }
}
