package io.camure.protocol.collective;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.NodeIdentity;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a round that are too long for a chunk, on their way from members to the coordinator. Each has a receive window from
 * its announcement until the round ends, and takes no more memory than it has announced, which is bounded.
 */
final class Uplinks {

    /** The least room that a member is given, in chunks. */
    static final int LEAST_CHUNKS = 16;

    /** What the kernel takes of a socket buffer for a datagram beside its bytes. */
    private static final int DATAGRAM_OVERHEAD_BYTES = 832;

    private final GroupContext group;
    private final int maximumBytes;

    /** In the order in which they were announced. */
    private final Map<Membership, UplinkReceiving> all = new LinkedHashMap<>();

    /** Who is gone, and has given a value in this round that is kept. */
    private final Set<NodeIdentity> gone = new HashSet<>();

    /** @param maximumBytes what no value is longer than */
    Uplinks(GroupContext group, int maximumBytes) {
        this.group = group;
        this.maximumBytes = maximumBytes;
    }

    /** Whether a value of that length is taken. */
    boolean takes(long length) {
        return length > 0 && length <= maximumBytes;
    }

    /**
     * A member is about to send a value, or says so again; with a later number, it begins anew.
     *
     * @param firstSequence the number of the first chunk
     * @param length in bytes; one that {@link #takes}
     * @return whether there is a place for it: so many nodes may have come and gone in the round that there is none
     */
    boolean onAnnounced(Membership member, int firstSequence, int length, long nowNanos) {
        UplinkReceiving known = all.get(member);
        if (known == null && all.size() + gone.size() >= group.link().settings().maximumMembers()) {
            return false;
        }
        if (known == null || known.isBefore(firstSequence)) {
            all.put(
                    member,
                    new UplinkReceiving(group, member, windowChunks(), chunkBytes(), firstSequence, length, nowNanos));
        }
        return true;
    }

    private int chunkBytes() {
        return Math.min(PathSizes.ETHERNET_BYTES, group.link().chunkBytes());
    }

    /** The share of each member in what the socket holds. */
    private int windowChunks() {
        int chunks = group.link().settings().receiveBufferBytes() / (DATAGRAM_OVERHEAD_BYTES + chunkBytes());
        int share = chunks / Math.max(1, group.memberCount());
        return Math.max(LEAST_CHUNKS, Math.min(UplinkSending.WINDOW_CHUNKS, share));
    }

    /**
     * A member has sent a chunk of a value, or asks what is here of it.
     *
     * @return the value, if it is complete by it
     */
    byte @Nullable [] onChunk(Membership member, ChunkReader chunk, long nowNanos) {
        UplinkReceiving uplink = all.get(member);
        if (uplink == null) {
            // It is late, or comes before its announcement, and then again.
            group.link().counters().onDropped(DropReason.OUT_OF_WINDOW);
            return null;
        }
        if (chunk.lengthBytes() > chunkBytes()) {
            group.link().counters().onDropped(DropReason.OVERSIZED);
            return null;
        }
        if (chunk.type() == ChunkType.UPLINK_QUERY) {
            uplink.value().onQuery(chunk, nowNanos);
            return null;
        }
        return uplink.value().onChunk(chunk, nowNanos) ? uplink.value().take() : null;
    }

    /** Whether a member has announced a value that is not complete. */
    boolean awaits(Membership member) {
        UplinkReceiving uplink = all.get(member);
        return uplink != null && !uplink.value().isComplete();
    }

    /** A member is gone. What it has given counts, if that is complete. */
    void forget(Membership member) {
        UplinkReceiving its = all.remove(member);
        if (its != null && its.value().isComplete()) {
            gone.add(member.identity());
        }
    }

    /** A node arrives: what it has given in an earlier membership is not kept any more. */
    void onArrived(Membership member) {
        if (!gone.isEmpty()) {
            gone.remove(member.identity());
        }
    }

    /**
     * The round has ended.
     *
     * @return whether there was any value in it that was too long for a chunk
     */
    boolean clear() {
        boolean any = !all.isEmpty() || !gone.isEmpty();
        all.clear();
        gone.clear();
        return any;
    }

    void onDeadline(long nowNanos) {
        if (all.isEmpty()) {
            // Mostly so, and without an iterator.
            return;
        }
        for (UplinkReceiving uplink : all.values()) {
            uplink.value().onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        if (all.isEmpty()) {
            return RetryTimer.NEVER;
        }
        long nextNanos = RetryTimer.NEVER;
        for (UplinkReceiving uplink : all.values()) {
            nextNanos = Math.min(nextNanos, uplink.value().nextDeadlineNanos());
        }
        return nextNanos;
    }
}
