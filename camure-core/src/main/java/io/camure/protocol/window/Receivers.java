package io.camure.protocol.window;

import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.wire.Capability;
import java.util.List;

/**
 * Those whom a broadcast is sent to — nodes that were welcomed, and members —, taken together: what all of them have, have
 * room for and understand.
 */
public final class Receivers {

    /** What a socket buffer of the size that Linux gives by default holds, for members that do not tell theirs. */
    private static final int UNKNOWN_BUFFER_CHUNKS = 64;

    /** What the kernel takes of a socket buffer for a datagram beside its bytes. */
    private static final int DATAGRAM_OVERHEAD_BYTES = 832;

    private final ManagedGroup group;
    private final int chunkBytes;

    /** The first chunk that not all have. */
    private long base;

    /** How many lack the chunk at the base; none of them is overlooked when it is too low. */
    private int atBase;

    private boolean areOurs;
    private boolean knowQueries;
    private int bufferChunks;

    /** @param chunkBytes the largest chunk */
    public Receivers(ManagedGroup group, int chunkBytes, long firstSequence) {
        this.group = group;
        this.chunkBytes = chunkBytes;
        base = firstSequence;
    }

    /** Whether somebody to whom the broadcast is sent; the others wait to be let in. */
    public static boolean includes(Membership participant) {
        return participant.state() != Membership.State.WAITING;
    }

    public void onRosterChanged() {
        areOurs = true;
        knowQueries = true;
        bufferChunks = Integer.MAX_VALUE;
        for (Membership participant : group.participants()) {
            if (includes(participant)) {
                areOurs &= participant.can(Capability.BUNDLES) && participant.can(Capability.TAGGED_CHUNKS);
                knowQueries &= participant.can(Capability.STATUS_REPORTS);
                bufferChunks = Math.min(bufferChunks, bufferChunks(participant));
            }
        }
    }

    private int bufferChunks(Membership participant) {
        int bufferBytes = participant.peer().receiveBufferBytes();
        return participant.can(Capability.STATUS_REPORTS) && bufferBytes > 0
                ? bufferBytes / (DATAGRAM_OVERHEAD_BYTES + chunkBytes)
                : UNKNOWN_BUFFER_CHUNKS;
    }

    /** How many chunks the smallest socket buffer holds. */
    public int bufferChunks() {
        return bufferChunks;
    }

    /** Whether all understand bundles and tagged chunks. */
    public boolean areOurs() {
        return areOurs;
    }

    /** Whether all understand queries. */
    public boolean knowQueries() {
        return knowQueries;
    }

    /** The first chunk that somebody has no room for. */
    public long limit() {
        long limit = Long.MAX_VALUE;
        List<Membership> participants = group.participants();
        for (int i = 0; i < participants.size(); i++) {
            Membership participant = participants.get(i);
            if (includes(participant)) {
                limit = Math.min(limit, participant.progress().limit());
            }
        }
        return limit;
    }

    /** The first chunk that not all have, as of the last {@link #advance}. */
    public long base() {
        return base;
    }

    /** Whether the base may be out of date. */
    public boolean mayAdvance() {
        return atBase <= 0;
    }

    /** Somebody for whom {@code before} was the first missing chunk has it now. */
    public void onProgress(long before) {
        if (before == base) {
            atBase--;
        }
    }

    /**
     * Finds the base anew.
     *
     * @param sent the first chunk that was not sent: what is sent to nobody is done
     */
    public void advance(long sent) {
        base = sent;
        atBase = 0;
        List<Membership> participants = group.participants();
        for (int i = 0; i < participants.size(); i++) {
            Membership participant = participants.get(i);
            if (!includes(participant)) {
                continue;
            }
            long firstMissing = participant.progress().firstMissing();
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
