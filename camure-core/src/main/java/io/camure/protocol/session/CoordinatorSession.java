package io.camure.protocol.session;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupTable;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session at its coordinator: which nodes are in it, whether they live, and which group a chunk is for. */
public final class CoordinatorSession implements StateMachine {

    private static final int GROUP_IDS = 1 << 16;
    private static final int LARGEST_PEER_ID = (1 << 16) - 1;

    private final SessionSettings settings;
    private final RandomGenerator random;

    /** Tells this run of the coordinator from an earlier one on the same address; never 0. */
    private final long incarnation;

    private final Outbox outbox = new Outbox();
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
    private final BitSet peerIds = new BitSet();
    private int lastPeerId;
    private final GroupTable<ManagedGroup> groups = new GroupTable<>();

    /** Groups that were closed and forgotten while not all of their members knew. */
    private final List<ManagedGroup> closings = new ArrayList<>();

    /** Each group has an epoch of its own, so that what is late of one with the same id is not taken for its own. */
    private int lastEpoch;

    /** No peer can be dead before this time; set anew when it comes. */
    private long livenessCheckNanos = RetryTimer.NEVER;

    /** @param random gives the session and first sequence numbers; unpredictable in a real session */
    public CoordinatorSession(SessionSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        incarnation = random.nextLong() | 1;
        lastEpoch = (int) incarnation;
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        DropReason reason = chunk.read(datagram);
        if (reason == null && chunk.lengthBytes() > settings.chunkSizeBytes()) {
            reason = DropReason.OVERSIZED;
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        counters.onReceived(chunk.type());
        Peer peer = peers.get(source);
        if (peer != null && !isOfAnotherRun(peer)) {
            peer.onHeard(nowNanos);
        }
        switch (chunk.type()) {
            case SESSION_JOIN -> onSessionJoin(source, chunk.extension(), nowNanos);
            case SESSION_HEARTBEAT -> {
                if (peer == null) {
                    counters.onDropped(DropReason.NOT_IN_SESSION);
                }
            }
            case SESSION_LEAVE -> onSessionLeave(peer, chunk.extension(), nowNanos);
            case GROUP_JOIN -> onGroupJoin(source, nowNanos);
            case GROUP_ACK, GROUP_LEAVE, BARRIER_REACHED, BROADCAST_STATUS -> onGroupChunk(source, peer, nowNanos);
            default -> counters.onDropped(DropReason.UNEXPECTED);
        }
    }

    /** Whether it is a join by another run of the node, which may be the living one if that was taken for an earlier one. */
    private boolean isOfAnotherRun(Peer peer) {
        boolean join = chunk.type() == ChunkType.SESSION_JOIN || chunk.type() == ChunkType.GROUP_JOIN;
        return join && Peer.incarnationOf(chunk.extension()) != peer.incarnation();
    }

    private void onSessionJoin(InetSocketAddress source, @Nullable Extension offer, long nowNanos) {
        if (offer != null && !offer.isUnderstood()) {
            refuseVersion(source);
            return;
        }
        Peer peer = admitPeer(source, offer, nowNanos);
        if (peer == null) {
            return;
        }
        ByteBuffer welcome = outbox.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        if (offer != null) {
            answer(peer.id()).write(welcome);
        }
        outbox.sendWritten(source, welcome);
    }

    private void refuseVersion(InetSocketAddress source) {
        counters.onDropped(DropReason.UNKNOWN_VERSION);
        ByteBuffer refusal = outbox.control();
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        answer(0).write(refusal);
        outbox.sendWritten(source, refusal);
    }

    private Extension answer(int memberId) {
        return new Extension(
                Extension.VERSION,
                Extension.VERSION,
                Capability.ALL,
                settings.windowChunks(),
                settings.receiveBufferBytes(),
                incarnation,
                memberId,
                0);
    }

    /** The goodbye of an earlier run of the node, or of one that was forgotten meanwhile, says nothing of this one. */
    private void onSessionLeave(@Nullable Peer peer, @Nullable Extension farewell, long nowNanos) {
        if (peer == null || farewell == null) {
            counters.onDropped(DropReason.NOT_IN_SESSION);
        } else if (farewell.incarnation() != peer.incarnation() || farewell.memberId() != peer.id()) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else {
            forget(peer, Departure.LEFT, null, nowNanos);
        }
    }

    /**
     * @param offer understood, or {@code null} from a 0.1 node, which may have the address of one of ours that is gone
     * @return {@code null} when the node does not get in
     */
    private @Nullable Peer admitPeer(InetSocketAddress source, @Nullable Extension offer, long nowNanos) {
        Peer peer = peers.get(source);
        long incarnation = Peer.incarnationOf(offer);
        List<Long> predecessors = List.of();
        if (peer != null && peer.incarnation() != incarnation) {
            if (peer.hasSucceeded(incarnation)) {
                counters.onDropped(DropReason.EARLIER_INCARNATION);
                return null;
            }
            // Started anew at the same address. It is not told of the end of what it knows nothing of.
            predecessors = peer.predecessorsOfNext();
            forget(peer, Departure.LOST, null, nowNanos);
            peer = null;
        }
        if (peer == null) {
            if (peers.size() >= settings.maximumMembers()) {
                counters.onDropped(DropReason.SESSION_FULL);
                return null;
            }
            peer = new Peer(source, nextPeerId(), predecessors, nowNanos);
            peers.put(source, peer);
            livenessCheckNanos = Math.min(livenessCheckNanos, nowNanos + settings.memberTimeoutNanos());
        }
        peer.onOffer(offer);
        return peer;
    }

    /** The next one in turn, so that a member that was forgotten meanwhile sees by another id that it was. */
    private int nextPeerId() {
        int free = peerIds.nextClearBit(lastPeerId + 1);
        lastPeerId = free <= LARGEST_PEER_ID ? free : peerIds.nextClearBit(1);
        peerIds.set(lastPeerId);
        return lastPeerId;
    }

    /** A 0.1 node that was silent for long knows nothing of having left the session, so a join of a group is one of both. */
    private void onGroupJoin(InetSocketAddress source, long nowNanos) {
        if (chunk.membership() == 0) {
            // A 0.1 node that joins anew is not in the group that had the id before.
            confirmCloses(source);
        }
        ManagedGroup group = groups.find(chunk.group());
        if (group == null) {
            counters.onDropped(DropReason.UNKNOWN_GROUP);
            return;
        }
        Extension offer = chunk.extension();
        if (offer != null && !offer.isUnderstood()) {
            refuseVersion(source);
            return;
        }
        Peer peer = admitPeer(source, offer, nowNanos);
        if (peer != null) {
            group.onJoin(peer, chunk.groupType(), chunk.membership(), nowNanos);
        }
    }

    private void onGroupChunk(InetSocketAddress source, @Nullable Peer peer, long nowNanos) {
        if (chunk.type() == ChunkType.GROUP_LEAVE) {
            confirmCloses(source);
        }
        ManagedGroup group = groups.find(chunk.group());
        if (group != null) {
            group.onChunk(source, chunk, nowNanos);
            return;
        }
        counters.onDropped(DropReason.UNKNOWN_GROUP);
        // A member of ours or of 0.1 that has not heard of the end of the group would wait for ever.
        if (peer != null) {
            ByteBuffer answer = outbox.control();
            boolean leaving = chunk.type() == ChunkType.GROUP_LEAVE;
            ChunkWriter.groupDisconnected(
                    answer,
                    chunk.group(),
                    leaving ? DisconnectReason.LEAVE : DisconnectReason.CLOSED,
                    chunk.membership());
            outbox.sendWritten(source, answer);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        long lateNanos = nowNanos - nextDeadlineNanos();
        if (lateNanos > settings.heartbeatIntervalNanos()) {
            // This process was stopped, or its machine was. That no member was heard meanwhile says nothing of them.
            peers.values().forEach(peer -> peer.excuse(lateNanos, nowNanos));
        }
        if (nowNanos >= livenessCheckNanos) {
            removeDeadPeers(nowNanos);
        }
        List<ManagedGroup> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onDeadline(nowNanos);
        }
        for (int i = 0; i < closings.size(); i++) {
            closings.get(i).onDeadline(nowNanos);
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
        dead.forEach(peer -> forget(peer, Departure.LOST, DisconnectReason.TIMEOUT, nowNanos));
    }

    private void forget(Peer peer, Departure departure, @Nullable String reason, long nowNanos) {
        peers.remove(peer.address());
        peerIds.clear(peer.id());
        groups.all().forEach(group -> group.onPeerGone(peer, departure, reason, nowNanos));
        closings.forEach(group -> group.onPeerGone(peer, departure, reason, nowNanos));
        closings.removeIf(ManagedGroup::isCloseConfirmed);
    }

    @Override
    public long nextDeadlineNanos() {
        long next = livenessCheckNanos;
        List<ManagedGroup> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextDeadlineNanos());
        }
        for (int i = 0; i < closings.size(); i++) {
            next = Math.min(next, closings.get(i).nextDeadlineNanos());
        }
        return next;
    }

    /** The lowest id that no group has, or -1 when all 65536 are in use. */
    public int firstFreeGroupId() {
        for (int id = 0; id < GROUP_IDS; id++) {
            if (groups.find(id) == null) {
                return id;
            }
        }
        return -1;
    }

    public boolean hasGroup(int id) {
        return groups.find(id) != null;
    }

    /** A barrier that goes on without a member that is lost. */
    public ManagedGroup createBarrier(int id, Admission admission) {
        return createBarrier(id, admission, false);
    }

    /** @param breaksOnLoss whether the loss of a member breaks the round, whether it had arrived or not */
    public ManagedGroup createBarrier(int id, Admission admission, boolean breaksOnLoss) {
        return register(ManagedGroup.barrier(id, admission, breaksOnLoss, settings, nextEpoch(), outbox, counters));
    }

    /** A broadcast that waits for its slowest member. */
    public ManagedGroup createBroadcast(int id, Admission admission) {
        return createBroadcast(id, admission, SlowMemberPolicy.WAIT);
    }

    /**
     * The first sequence number is random, as that of a TCP connection (RFC 6528): a member of an earlier session on the
     * same addresses then finds the chunks of this one outside its window.
     */
    public ManagedGroup createBroadcast(int id, Admission admission, SlowMemberPolicy slowMemberPolicy) {
        long firstSequence = random.nextInt(1 << 16);
        return register(ManagedGroup.broadcast(
                id, admission, slowMemberPolicy, settings, nextEpoch(), outbox, counters, firstSequence));
    }

    private int nextEpoch() {
        lastEpoch++;
        return lastEpoch;
    }

    private ManagedGroup register(ManagedGroup group) {
        if (hasGroup(group.id())) {
            throw new IllegalStateException("group " + group.id() + " exists");
        }
        groups.put(group.id(), group);
        return group;
    }

    /** Forgets a group that was closed, so that its id can be used again; who does not know of the end yet is still told. */
    public void removeGroup(ManagedGroup group) {
        if (groups.find(group.id()) == group) {
            groups.remove(group.id());
            if (!group.isCloseConfirmed()) {
                closings.add(group);
            }
        }
    }

    private void confirmCloses(InetSocketAddress source) {
        for (int i = closings.size() - 1; i >= 0; i--) {
            ManagedGroup closing = closings.get(i);
            if (closing.id() == chunk.group()) {
                closing.onCloseConfirmed(source, chunk.membership());
            }
            if (closing.isCloseConfirmed()) {
                closings.remove(i);
            }
        }
    }

    /** Which run of the coordinator this is; never 0. */
    public long incarnation() {
        return incarnation;
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
