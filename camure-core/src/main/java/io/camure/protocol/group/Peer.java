package io.camure.protocol.group;

import io.camure.wire.Capability;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node as the session sees it: an address, what it can do, and when it was heard. */
public final class Peer {

    /** A datagram that is older than so many runs of a process is not on its way any more. */
    private static final int MOST_PREDECESSORS = 8;

    private final InetSocketAddress address;
    private final int id;
    private long lastHeardNanos;

    /** The runs that had the address before, the last one first. */
    private final List<Long> predecessors;

    /** The last membership that is over in each group, by the group's id; also of groups that were made anew since. */
    private final Map<Integer, PastMembership> past = new HashMap<>();

    /** @param ended whether it can't be meant by a node that asks to be let in: by the node itself, or with its group */
    private record PastMembership(int number, boolean ended) {}

    /** What it has offered; {@code null} for a 0.1 node. */
    private @Nullable Extension offer;

    /**
     * @param id 1…65535, unique in the session
     * @param predecessors the incarnations of the nodes that had the address before, the last one first
     */
    public Peer(InetSocketAddress address, int id, List<Long> predecessors, long nowNanos) {
        this.address = address;
        this.id = id;
        this.predecessors = predecessors;
        lastHeardNanos = nowNanos;
    }

    public InetSocketAddress address() {
        return address;
    }

    public int id() {
        return id;
    }

    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    public void onHeard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    /** It could not be heard for so long, whatever it said. */
    public void excuse(long nanos, long nowNanos) {
        lastHeardNanos = Math.min(nowNanos, lastHeardNanos + nanos);
    }

    /** Which run of the node this is; 0 for a 0.1 node. */
    public long incarnation() {
        return incarnationOf(offer);
    }

    public static long incarnationOf(@Nullable Extension offer) {
        return offer == null ? 0 : offer.incarnation();
    }

    /** Whether an incarnation is that of a node which is known to be gone. */
    public boolean hasSucceeded(long incarnation) {
        return predecessors.contains(incarnation);
    }

    /** What the next run at the address has to know of those before. */
    public List<Long> predecessorsOfNext() {
        return incarnation() == 0
                ? predecessors
                : Stream.concat(Stream.of(incarnation()), predecessors.stream())
                        .limit(MOST_PREDECESSORS)
                        .toList();
    }

    /** A membership is over, and the node has been told or has said so itself, or may be told and come back with the same number. */
    public void onMembershipOver(int group, int membership, boolean ended) {
        if (membership != 0) {
            past.put(group, new PastMembership(membership, ended));
        }
    }

    /** Whether a membership of the node is known to be over, so that a GroupJoin of it is late. */
    public boolean isOver(int group, int membership) {
        PastMembership last = past.get(group);
        return last != null
                && membership != 0
                && (membership - last.number() < 0 || membership == last.number() && last.ended());
    }

    public void onOffer(@Nullable Extension made) {
        offer = made;
    }

    /** Whether the node has a capability, and so we use it towards it. */
    public boolean can(Capability capability) {
        Extension made = offer;
        return made != null && capability.isIn(made.capabilities());
    }

    /** How many chunks of a broadcast the node keeps, or 0 when that is not known. */
    public int windowChunks() {
        Extension made = offer;
        return made == null ? 0 : made.windowChunks();
    }

    /** What the node's sockets can hold, or 0 when that is not known. */
    public int receiveBufferBytes() {
        Extension made = offer;
        return made == null ? 0 : made.receiveBufferBytes();
    }
}
