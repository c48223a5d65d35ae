package io.camure.protocol.window;

import io.camure.wire.ChunkHeader;
import io.camure.wire.NodeIdentity;
import java.util.List;

/** What all receivers of an audience have, have room for and understand: the least of each. */
final class Reach {

    /** What a socket buffer of the size that Linux gives by default holds, for receivers that do not tell theirs. */
    private static final int UNKNOWN_BUFFER_CHUNKS = 64;

    /** What the kernel takes of a socket buffer for a datagram beside its bytes. */
    private static final int DATAGRAM_OVERHEAD_BYTES = 832;

    /** A legacy peer discards what is half a turn of the numbers ahead of the message that it is to have next. */
    private static final int LONGEST_LEGACY_MESSAGE_CHUNKS = 1 << 15;

    private final Audience audience;
    private final ChunkRing ring;

    /** What is sealed is longer by so much. */
    private final int overheadBytes;

    /** The first chunk that not all have. */
    private long base;

    /** How many lack the chunk at the base; none of them is overlooked when it is too low. */
    private int atBase;

    private ChunkHeader header = ChunkHeader.PLAIN;
    private boolean takesHeaders = true;
    private boolean reportsStatus;
    private boolean hasLegacyPeer;
    private boolean awaitsLegacyPeer;
    private int bufferChunks;

    /** @param ring is told how long chunks may be to get to everyone in one piece */
    Reach(Audience audience, ChunkRing ring, int overheadBytes, long firstSequence) {
        this.audience = audience;
        this.ring = ring;
        this.overheadBytes = overheadBytes;
        base = firstSequence;
    }

    void onAudienceChanged() {
        header = ChunkHeader.NONCED;
        takesHeaders = true;
        reportsStatus = true;
        hasLegacyPeer = false;
        awaitsLegacyPeer = false;
        bufferChunks = Integer.MAX_VALUE;
        List<Receiver> receivers = audience.receivers();
        int chunkBytes = ring.largestChunkBytes();
        for (int i = 0; i < receivers.size(); i++) {
            chunkBytes = Math.min(chunkBytes, receivers.get(i).datagramBytes() - overheadBytes);
        }
        ring.limitTo(chunkBytes);
        for (int i = 0; i < receivers.size(); i++) {
            Receiver receiver = receivers.get(i);
            header = header.and(receiver.header());
            takesHeaders &= receiver.takesHeaders();
            reportsStatus &= receiver.reportsStatus();
            hasLegacyPeer |= !receiver.reportsStatus();
            awaitsLegacyPeer |= !receiver.isConfirmed() && !receiver.reportsStatus();
            bufferChunks = Math.min(bufferChunks, bufferChunks(receiver));
        }
    }

    private int bufferChunks(Receiver receiver) {
        int bufferBytes = receiver.receiveBufferBytes();
        return receiver.reportsStatus() && bufferBytes > 0
                ? bufferBytes / (DATAGRAM_OVERHEAD_BYTES + ring.chunkBytes())
                : UNKNOWN_BUFFER_CHUNKS;
    }

    /** How many chunks the smallest socket buffer holds. */
    int bufferChunks() {
        return bufferChunks;
    }

    /** The header of chunks that everyone understands; if it is not the plain one, everyone understands bundles, too. */
    ChunkHeader header() {
        return header;
    }

    /** Whether everyone takes headers of messages. */
    boolean takesHeaders() {
        return takesHeaders;
    }

    /** Whether everyone gives status reports, and so understands queries. */
    boolean reportsStatus() {
        return reportsStatus;
    }

    int longestMessageChunks() {
        return hasLegacyPeer ? LONGEST_LEGACY_MESSAGE_CHUNKS : Integer.MAX_VALUE;
    }

    List<NodeIdentity> legacyReceivers() {
        return audience.receivers().stream()
                .filter(receiver -> !receiver.reportsStatus())
                .map(Receiver::node)
                .toList();
    }

    /** Whether a legacy peer was welcomed and has not answered: it acknowledges what reaches it before its welcome, and drops it. */
    boolean awaitsLegacyPeer() {
        return awaitsLegacyPeer;
    }

    /** The first chunk that somebody has no room for. */
    long limit() {
        long limit = Long.MAX_VALUE;
        List<Receiver> receivers = audience.receivers();
        for (int i = 0; i < receivers.size(); i++) {
            limit = Math.min(limit, receivers.get(i).progress().limit());
        }
        return limit;
    }

    /** The first chunk that not all have, as of the last {@link #advance}. */
    long base() {
        return base;
    }

    /** Whether the base may be out of date. */
    boolean mayAdvance() {
        return atBase <= 0;
    }

    /** Somebody for whom {@code before} was the first missing chunk has it now. */
    void onProgress(long before) {
        if (before == base) {
            atBase--;
        }
    }

    /**
     * Finds the base anew.
     *
     * @param sent the first chunk that was not sent: what is sent to nobody is done
     */
    void advance(long sent) {
        base = sent;
        atBase = 0;
        List<Receiver> receivers = audience.receivers();
        for (int i = 0; i < receivers.size(); i++) {
            long firstMissing = receivers.get(i).progress().firstMissing();
            if (firstMissing < base) {
                base = firstMissing;
                atBase = 0;
            }
            if (firstMissing == base) {
                atBase++;
            }
        }
    }
}
