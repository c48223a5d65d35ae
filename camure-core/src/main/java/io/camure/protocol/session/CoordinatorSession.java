package io.camure.protocol.session;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.GroupLink;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session at its coordinator: which nodes are in it, whether they live, and which group a chunk is for. */
public final class CoordinatorSession implements StateMachine {

    private final SessionSettings settings;
    private final DatagramCodec codec;

    /** What this node says of itself; tells its incarnation from an earlier one on the same address. */
    private final Extension answer;

    private final Outbox outbox;
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final GroupLink link;
    private final PeerTable peers;
    private final Probes probes;
    private final JoinGate gate;
    private final Refusals refusals;
    private final ManagedGroups groups;
    private final JoinAnswers joinAnswers;
    private final Welcomes welcomes;
    private final Echoes echoes;

    /** @param random gives the session and first sequence numbers; unpredictable in a real session */
    public CoordinatorSession(SessionSettings settings, RandomGenerator random) {
        this(settings, random, DatagramCodec.PLAIN);
    }

    /** @param codec opens what is received and seals what is sent */
    public CoordinatorSession(SessionSettings settings, RandomGenerator random, DatagramCodec codec) {
        this(settings, "", random, codec);
    }

    /** @param name which nodes are let in: those that want to be in a session of this name; empty for those without one */
    public CoordinatorSession(SessionSettings settings, String name, RandomGenerator random, DatagramCodec codec) {
        this(settings, name, List.of(), 0, random, codec);
    }

    /**
     * @param groupSources from where group traffic reaches members, if not only from the address that they ask
     * @param term in which this node was elected; 0 when nobody has elected it
     */
    public CoordinatorSession(
            SessionSettings settings,
            String name,
            List<InetSocketAddress> groupSources,
            long term,
            RandomGenerator random,
            DatagramCodec codec) {
        this.settings = settings;
        this.codec = codec;
        outbox = new Outbox(codec);
        peers = new PeerTable(settings, counters);
        answer = Extension.answer(
                        Capability.ofCoordinator(settings.acceptsLegacy(), GroupLink.givesNonces(settings, outbox)),
                        settings.windowChunks(),
                        settings.receiveBufferBytes(),
                        random.nextLong() | 1,
                        settings.delivery())
                .withName(settings.name())
                .withSessionName(name);
        link = new GroupLink(settings, answer.incarnation(), outbox, counters);
        gate = new JoinGate(settings, answer, random, outbox, counters);
        refusals = new Refusals(answer, outbox, counters, link.answerLimit());
        probes = new Probes(settings, answer.incarnation(), random, outbox);
        groups = new ManagedGroups(link, random);
        joinAnswers = new JoinAnswers(groups, link);
        echoes = new Echoes(settings, peers, outbox, counters);
        welcomes = new Welcomes(settings, answer, groupSources, probes, term, outbox);
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        if (codec.takes(source, datagram, outbox, counters, nowNanos)) {
            return;
        }
        DropReason reason = codec.open(source, datagram, chunk);
        if (reason == null && link.isOversized(chunk)) {
            reason = DropReason.OVERSIZED;
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        ChunkType type = chunk.type();
        counters.onReceived(type);
        Peer peer = peers.find(source);
        if (peer != null && peer.isHeardBy(chunk)) {
            peer.onHeard(nowNanos);
        }
        if (GroupKinds.FROM_MEMBERS.contains(type)) {
            onGroupChunk(source, peer, nowNanos);
            noteReach(peer, nowNanos);
            return;
        }
        switch (type) {
            case SESSION_JOIN -> onSessionJoin(source, peer, chunk.extension(), nowNanos);
            case SESSION_HEARTBEAT -> {
                if (peer == null) {
                    counters.onDropped(DropReason.NOT_IN_SESSION);
                }
            }
            case SESSION_LEAVE -> onSessionLeave(peer, chunk.extension(), nowNanos);
            case GROUP_JOIN -> onGroupJoin(source, peer, nowNanos);
            case ECHO_REQUEST, ECHO_ANSWER -> echoes.onChunk(source, chunk, nowNanos);
            default -> counters.onDropped(DropReason.UNEXPECTED);
        }
    }

    private void onSessionJoin(
            InetSocketAddress source, @Nullable Peer known, @Nullable Extension offer, long nowNanos) {
        if (!gate.lets(source, known, chunk, nowNanos) || refusals.refuses(source, offer, nowNanos)) {
            return;
        }
        Peer peer = admitPeer(source, offer, nowNanos);
        if (peer == null) {
            if (offer != null && peers.isFullFor(source) && JoinAnswers.areTakenBy(offer)) {
                refusals.tellFull(source, offer, nowNanos);
            }
            return;
        }
        groups.onSpoken(peer, nowNanos);
        probes.onNeeded(peer, nowNanos + Probes.CLOSEST_NANOS);
        welcomes.tell(peer, offer, nowNanos);
    }

    /** A node that was started anew at its address is not told of the end of what it knows nothing of. */
    private @Nullable Peer admitPeer(InetSocketAddress source, @Nullable Extension offer, long nowNanos) {
        Peer peer = peers.admit(
                source,
                offer,
                probes.number(),
                nowNanos,
                earlier -> groups.forget(earlier, Departure.LOST, null, nowNanos));
        probes.paths().onTold(peer, offer, nowNanos);
        noteReach(peer, nowNanos);
        return peer;
    }

    private void noteReach(@Nullable Peer peer, long nowNanos) {
        if (peer != null && probes.paths().noteReach(peer, peers, nowNanos)) {
            groups.onReachChanged(nowNanos);
        }
    }

    /** The goodbye of an earlier incarnation of the node, or of one that was forgotten meanwhile, says nothing of this one. */
    private void onSessionLeave(@Nullable Peer peer, @Nullable Extension farewell, long nowNanos) {
        if (peer == null || farewell == null) {
            counters.onDropped(DropReason.NOT_IN_SESSION);
        } else if (farewell.incarnation() != peer.incarnation() || farewell.memberId() != peer.id()) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else {
            peers.remove(peer);
            groups.forget(peer, Departure.LEFT, null, nowNanos);
        }
    }

    /** A legacy peer that was silent for long knows nothing of having left the session, so a join of a group is one of both. */
    private void onGroupJoin(InetSocketAddress source, @Nullable Peer known, long nowNanos) {
        if (!gate.lets(source, known, chunk, nowNanos)) {
            return;
        }
        if (chunk.membership() == 0) {
            // A legacy peer that joins anew is not in the group that had the id before.
            groups.confirmCloses(source, chunk.group(), 0);
        }
        Extension offer = chunk.extension();
        String name = offer == null ? "" : offer.groupName();
        ManagedGroup<?> group = chunk.asksByName() ? groups.find(name) : groups.find(chunk.group());
        if (group == null) {
            joinAnswers.refuseUnknown(source, chunk, nowNanos);
            return;
        }
        if (refusals.refuses(source, offer, nowNanos)) {
            return;
        }
        Peer peer = admitPeer(source, offer, nowNanos);
        if (peer == null) {
            if (peers.isFullFor(source)) {
                joinAnswers.tellFull(source, chunk, nowNanos);
            }
            return;
        }
        probes.onNeeded(peer, nowNanos);
        if (!joinAnswers.lets(source, group, chunk, nowNanos)) {
            return;
        }
        if (chunk.asksByName()) {
            joinAnswers.tellId(source, group, chunk);
        } else {
            group.onJoin(peer, chunk.groupType(), name, chunk.membership(), nowNanos);
        }
    }

    private void onGroupChunk(InetSocketAddress source, @Nullable Peer peer, long nowNanos) {
        if (peer == null && !settings.acceptsLegacy()) {
            // Who is not in the session learns it when it asks, and proves its address; this can be said in its name.
            counters.onDropped(DropReason.NOT_IN_SESSION);
            return;
        }
        if (chunk.type() == ChunkType.GROUP_LEAVE) {
            groups.confirmCloses(source, chunk.group(), chunk.membership());
        }
        ManagedGroup<?> group = groups.find(chunk.group());
        if (group != null) {
            group.onChunk(source, peer, chunk, nowNanos);
            return;
        }
        if (peer == null) {
            counters.onDropped(DropReason.UNKNOWN_GROUP);
        } else if (!link.answerLimit().allows(source, nowNanos)) {
            counters.onDropped(DropReason.UNANSWERED);
        } else {
            counters.onDropped(DropReason.UNKNOWN_GROUP);
            joinAnswers.tellEnd(source, chunk);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        long lateNanos = nowNanos - nextDeadlineNanos();
        if (lateNanos > settings.heartbeatIntervalNanos()) {
            // This process was stopped, or its machine was. That no member was heard meanwhile says nothing of them.
            peers.excuse(lateNanos, nowNanos);
            codec.excuse(lateNanos, nowNanos);
        }
        List<Peer> dead = peers.findDead(nowNanos);
        for (int i = 0; i < dead.size(); i++) {
            peers.remove(dead.get(i));
            groups.forget(dead.get(i), Departure.LOST, DisconnectReason.TIMEOUT, nowNanos);
        }
        if (nowNanos >= probes.nextDeadlineNanos()) {
            probes.onDeadline(peers, nowNanos);
        }
        groups.onDeadline(nowNanos);
        codec.onDeadline(outbox, counters, nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        long ofPeersNanos = Math.min(peers.nextDeadlineNanos(), codec.nextDeadlineNanos());
        return groups.nextDeadlineNanos(Math.min(ofPeersNanos, probes.nextDeadlineNanos()));
    }

    /** Says goodbye to the members; see {@link FencedSession#handOver}. */
    void handOver() {
        peers.all().forEach(welcomes::tellEnd);
    }

    /** The lowest id that no group has, or -1 when all 65536 are in use. */
    public int firstFreeGroupId() {
        return groups.firstFreeId();
    }

    public @Nullable ManagedGroup<?> group(int id) {
        return groups.find(id);
    }

    /** @param name not empty */
    public @Nullable ManagedGroup<?> group(String name) {
        return groups.find(name);
    }

    /**
     * Creates a group.
     *
     * @param kind one of the table of kinds
     * @param label its id is 0…65535, one that no group has; so is its name, if it has one
     * @param settings what the application decides about a group of this kind
     */
    public <S, W extends GroupWork> ManagedGroup<W> create(
            GroupKind<S, W, ?> kind, GroupLabel label, Admission admission, S settings) {
        return groups.create(kind, label, admission, settings);
    }

    /** Creates a group without a name. */
    public <S, W extends GroupWork> ManagedGroup<W> create(
            GroupKind<S, W, ?> kind, int id, Admission admission, S settings) {
        return create(kind, GroupLabel.of(id), admission, settings);
    }

    /** Forgets a group that was closed, so that its id can be used again; who does not know of the end yet is still told. */
    public void removeGroup(ManagedGroup<?> group) {
        groups.remove(group);
    }

    /** Which incarnation of the coordinator this is; never 0. */
    public long incarnation() {
        return answer.incarnation();
    }

    /** How many nodes are in the session, whether in a group or not. */
    public int peerCount() {
        return peers.size();
    }

    /** How what is sent gets to them. */
    public PeerReach reach() {
        return new PeerReach(peers);
    }

    /** What doctors ask. */
    public Echoes echoes() {
        return echoes;
    }

    @Override
    public boolean answersOneByOne() {
        return false;
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
