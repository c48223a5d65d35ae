package io.camure.protocol.group;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Path;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.Extension;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node as the coordinator's session sees it: an address, what it can do, and when it was heard. One that tells what it can
 * do is a negotiated peer; a legacy peer speaks protocol 0.1 and tells nothing.
 */
public final class Peer {

    /** A datagram that is older than this many incarnations of a node is not on its way any more. */
    private static final int REMEMBERED_INCARNATIONS = 8;

    private final InetSocketAddress address;
    private final int id;
    private final Hearing hearing;
    private final Path path;
    private long lastHeardNanos;

    /** The incarnations that had the address before, the last one first. */
    private final List<Long> predecessors;

    /** The last membership that is over in each group, by the group's id; also of groups that were made anew since. */
    private final Map<Integer, PastMembership> past = new HashMap<>();

    /** @param ended whether it can't be meant by a node that asks to be admitted: by the node itself, or with its group */
    private record PastMembership(int number, boolean ended) {}

    /** What it has offered; {@code null} for a legacy peer. */
    private @Nullable Extension offer;

    private NodeIdentity identity;

    /** How long it took at most to answer a welcome that was withdrawn meanwhile. */
    private long lateAnswerNanos;

    /**
     * @param id 1…65535, unique in the session
     * @param hearing whether it hears group traffic
     * @param path how long the datagrams are that get to it
     * @param predecessors the incarnations of the nodes that had the address before, the last one first
     */
    public Peer(InetSocketAddress address, int id, Hearing hearing, Path path, List<Long> predecessors, long nowNanos) {
        this.address = address;
        this.id = id;
        this.hearing = hearing;
        this.path = path;
        this.predecessors = predecessors;
        lastHeardNanos = nowNanos;
        identity = NodeIdentity.at(address);
    }

    /** Which node it is, by the name that it has given itself. */
    public NodeIdentity identity() {
        return identity;
    }

    /** It has answered a welcome when that was withdrawn already: another one is to wait for longer, in whatever membership. */
    void onLateAnswer(long afterNanos) {
        lateAnswerNanos = Math.max(lateAnswerNanos, afterNanos);
    }

    long lateAnswerNanos() {
        return lateAnswerNanos;
    }

    public InetSocketAddress address() {
        return address;
    }

    public int id() {
        return id;
    }

    /** Whether it hears group traffic. */
    public Hearing hearing() {
        return hearing;
    }

    /** How long the datagrams are that get to it. */
    public Path path() {
        return path;
    }

    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    public void onHeard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    /** It could not be heard for a while, whatever it said, and so that time does not count. */
    public void excuse(long nanos, long nowNanos) {
        lastHeardNanos = Math.min(nowNanos, lastHeardNanos + nanos);
    }

    /** Which incarnation of the node this is; 0 for a legacy peer. */
    public long incarnation() {
        return incarnationOf(offer);
    }

    public static long incarnationOf(@Nullable Extension offer) {
        return offer == null ? 0 : offer.incarnation();
    }

    /**
     * Whether a chunk shows by itself that this node lives. A join by another incarnation does not, which may live if it was
     * taken for an earlier one; nor does what anybody can say in the name of a node that tells more of itself.
     */
    public boolean isHeardBy(ChunkReader chunk) {
        boolean join = chunk.type() == ChunkType.SESSION_JOIN || chunk.type() == ChunkType.GROUP_JOIN;
        return join ? incarnationOf(chunk.extension()) == incarnation() : !can(Capability.HARDENED);
    }

    /** Whether an incarnation is that of a node which is known to be gone. */
    public boolean hasSucceeded(long incarnation) {
        return predecessors.contains(incarnation);
    }

    /** What the next incarnation at the address has to know of those before. */
    public List<Long> predecessorsOfNext() {
        return incarnation() == 0
                ? predecessors
                : Stream.concat(Stream.of(incarnation()), predecessors.stream())
                        .limit(REMEMBERED_INCARNATIONS)
                        .toList();
    }

    /**
     * A membership is over.
     *
     * @param ended whether the node has been told or has said so itself; otherwise it may be told and come back with the same
     *     number
     */
    void onMembershipOver(int group, int number, boolean ended) {
        if (number != 0) {
            past.put(group, new PastMembership(number, ended));
        }
    }

    /** Whether a membership of the node is known to be over, so that a GroupJoin of it is late. */
    boolean isOver(int group, int number) {
        PastMembership last = past.get(group);
        return last != null && number != 0 && (number - last.number() < 0 || number == last.number() && last.ended());
    }

    public void onOffer(@Nullable Extension made) {
        offer = made;
        identity = made == null ? NodeIdentity.at(address) : new NodeIdentity(made.name(), address, made.incarnation());
    }

    /** Whether the node has a capability, and so it is used towards it. */
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
