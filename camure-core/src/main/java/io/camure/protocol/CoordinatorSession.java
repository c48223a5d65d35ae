package io.camure.protocol;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Refusal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session at its coordinator: which nodes are in it, whether they live, and which group a chunk is for. */
public final class CoordinatorSession implements StateMachine {

    private static final int GROUP_IDS = 1 << 16;

    private final SessionSettings settings;
    private final RandomGenerator random;

    /** Tells this run of the coordinator from an earlier one on the same address. */
    private final int sessionNumber;

    private final Outbox outbox = new Outbox();
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
    private final Map<Integer, CoordinatorGroup> groups = new HashMap<>();

    /** No peer can be dead before this time; set anew when it comes. */
    private long livenessCheckNanos = RetryTimer.NEVER;

    /** @param random gives the session and first sequence numbers; unpredictable in a real session */
    public CoordinatorSession(SessionSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        sessionNumber = random.nextInt();
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        Refusal refusal = chunk.read(datagram);
        if (refusal == null && chunk.lengthBytes() > settings.chunkSizeBytes()) {
            refusal = Refusal.OVERSIZED;
        }
        if (refusal != null) {
            counters.onRefused(refusal);
            return;
        }
        counters.onReceived(chunk.type());
        Peer peer = peers.get(source);
        if (peer != null) {
            peer.onHeard(nowNanos);
        }
        switch (chunk.type()) {
            case SESSION_JOIN -> onSessionJoin(source, nowNanos);
            case SESSION_HEARTBEAT -> {
                if (peer == null) {
                    counters.onRefused(Refusal.NOT_IN_SESSION);
                }
            }
            case GROUP_JOIN -> onGroupJoin(source, nowNanos);
            case GROUP_ACK, GROUP_LEAVE, BARRIER_REACHED -> onGroupChunk(source, peer, nowNanos);
            default -> counters.onRefused(Refusal.UNEXPECTED);
        }
    }

    private void onSessionJoin(InetSocketAddress source, long nowNanos) {
        if (admitPeer(source, nowNanos) == null) {
            return;
        }
        ByteBuffer welcome = outbox.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        outbox.sendWritten(source, welcome);
    }

    private @Nullable Peer admitPeer(InetSocketAddress source, long nowNanos) {
        Peer known = peers.get(source);
        if (known != null) {
            return known;
        }
        if (peers.size() >= settings.maximumMembers()) {
            counters.onRefused(Refusal.SESSION_FULL);
            return null;
        }
        Peer peer = new Peer(source, nowNanos);
        peers.put(source, peer);
        livenessCheckNanos = Math.min(livenessCheckNanos, nowNanos + settings.memberTimeoutNanos());
        return peer;
    }

    /** A 0.1 node that was silent for long knows nothing of having left the session, so a join of a group is one of both. */
    private void onGroupJoin(InetSocketAddress source, long nowNanos) {
        CoordinatorGroup group = groups.get(chunk.group());
        if (group == null) {
            counters.onRefused(Refusal.UNKNOWN_GROUP);
            return;
        }
        Peer peer = admitPeer(source, nowNanos);
        if (peer != null) {
            group.onJoin(peer, chunk.groupType(), nowNanos);
        }
    }

    private void onGroupChunk(InetSocketAddress source, @Nullable Peer peer, long nowNanos) {
        CoordinatorGroup group = groups.get(chunk.group());
        if (group != null) {
            group.onChunk(source, chunk, nowNanos);
            return;
        }
        counters.onRefused(Refusal.UNKNOWN_GROUP);
        // A member of ours or of 0.1 that has not heard of the end of the group would wait for ever.
        if (peer != null) {
            ByteBuffer answer = outbox.control();
            boolean leaving = chunk.type() == ChunkType.GROUP_LEAVE;
            ChunkWriter.groupDisconnected(
                    answer, chunk.group(), leaving ? DisconnectReason.LEAVE : DisconnectReason.CLOSED);
            outbox.sendWritten(source, answer);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (nowNanos >= livenessCheckNanos) {
            removeDeadPeers(nowNanos);
        }
        for (CoordinatorGroup group : groups.values()) {
            group.onDeadline(nowNanos);
        }
    }

    private void removeDeadPeers(long nowNanos) {
        List<Peer> dead = new ArrayList<>();
        livenessCheckNanos = RetryTimer.NEVER;
        for (Peer peer : peers.values()) {
            long deathNanos = peer.lastHeardNanos() + settings.memberTimeoutNanos();
            if (deathNanos <= nowNanos) {
                dead.add(peer);
            } else {
                livenessCheckNanos = Math.min(livenessCheckNanos, deathNanos);
            }
        }
        for (Peer peer : dead) {
            peers.remove(peer.address());
            groups.values().forEach(group -> group.onPeerLost(peer, nowNanos));
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long next = livenessCheckNanos;
        for (CoordinatorGroup group : groups.values()) {
            next = Math.min(next, group.nextDeadlineNanos());
        }
        return next;
    }

    /** The lowest id that no group has, or -1 when all 65536 are in use. */
    public int firstFreeGroupId() {
        for (int id = 0; id < GROUP_IDS; id++) {
            if (!groups.containsKey(id)) {
                return id;
            }
        }
        return -1;
    }

    public boolean hasGroup(int id) {
        return groups.containsKey(id);
    }

    public CoordinatorGroup createBarrier(int id, Admission admission) {
        return register(CoordinatorGroup.barrier(id, admission, settings, sessionNumber, outbox, counters));
    }

    /**
     * The first sequence number is random, as that of a TCP connection (RFC 6528): a member of an earlier session on the
     * same addresses then finds the chunks of this one outside its window.
     */
    public CoordinatorGroup createBroadcast(int id, Admission admission, int windowChunks) {
        long firstSequence = random.nextInt(1 << 16);
        return register(CoordinatorGroup.broadcast(
                id, admission, settings, sessionNumber, outbox, counters, firstSequence, windowChunks));
    }

    private CoordinatorGroup register(CoordinatorGroup group) {
        if (groups.putIfAbsent(group.id(), group) != null) {
            throw new IllegalStateException("group " + group.id() + " exists");
        }
        return group;
    }

    /** Forgets a group that was closed, so that its id can be used again. */
    public void removeGroup(CoordinatorGroup group) {
        groups.remove(group.id(), group);
    }

    /** How many nodes are in the session, whether in a group or not. */
    public int peerCount() {
        return peers.size();
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ProtocolCounters counters() {
        return counters;
    }
}
