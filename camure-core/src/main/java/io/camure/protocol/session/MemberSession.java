package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.GroupTable;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberSettings;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A session at a member: getting in, keeping both sides sure that the other lives, and which group a chunk is for.
 *
 * <p>Protocol 0.1 has no sign of life from the coordinator, but answers every SessionJoin. So a member that has heard
 * nothing for a heartbeat interval sends SessionJoin in place of SessionHeartbeat: it proves that the member lives, and
 * the answer that the coordinator does.
 */
public final class MemberSession implements StateMachine {

    /** Bounds of what a coordinator may ask for. */
    private static final int MINIMUM_CHUNK_BYTES = 508;

    private static final int MAXIMUM_CHUNK_BYTES = 65507;
    /** So long a coordinator may be heard without an answer: more than chance loses on a bad link. */
    private static final int UNANSWERED_TIMEOUTS = 2;

    /** A shorter one would have this node do nothing but send signs of life. */
    private static final long MINIMUM_HEARTBEAT_NANOS = MILLISECONDS.toNanos(1);

    private static final long MAXIMUM_HEARTBEAT_NANOS = HOURS.toNanos(1);

    private final MemberSettings settings;
    private final Outbox outbox = new Outbox();
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final MemberLink link;
    private final GroupTable<JoinedGroup> groups = new GroupTable<>();
    private final RetryTimer joinTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);
    private @Nullable InetSocketAddress multicastAddress;
    private int chunkSizeBytes = MAXIMUM_CHUNK_BYTES;
    private long heartbeatIntervalNanos;

    /** Which run of the coordinator this is; 0 when it does not tell. */
    private long incarnation;

    private long lastHeardNanos;

    /** When something came that only an answer to this member can be. */
    private long lastAnsweredNanos;

    /** When the coordinator last called this member by its id. */
    private long confirmedNanos;

    private long lastSpokeNanos;
    private long lastProbedNanos;
    private @Nullable Disconnection loss;

    /** @param random tells this run of the member from others at its address; unpredictable in a real session */
    public MemberSession(MemberSettings settings, RandomGenerator random) {
        this.settings = settings;
        link = new MemberLink(settings, random.nextLong() | 1, outbox, counters);
    }

    /** Asks the coordinator to be let in, until it answers. */
    public void join(long nowNanos) {
        lastHeardNanos = nowNanos;
        link.joinSession();
        joinTimer.start(nowNanos, RoundTripEstimator.INITIAL_NANOS);
    }

    /**
     * Says goodbye to a coordinator that understands it, once: it would find out by itself, too, only later. Nothing is said
     * after that.
     */
    public void leave() {
        if (loss == null) {
            if (link.memberId() != 0) {
                link.leaveSession();
            }
            loss = new Disconnection(Disconnection.Cause.LEFT, "left the session");
        }
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        DropReason reason =
                source.equals(settings.coordinatorAddress()) ? chunk.read(datagram) : DropReason.FOREIGN_SOURCE;
        if (reason == null && chunk.lengthBytes() > chunkSizeBytes) {
            reason = DropReason.OVERSIZED;
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        if (loss != null) {
            counters.onDropped(DropReason.UNEXPECTED);
            return;
        }
        counters.onReceived(chunk.type());
        lastHeardNanos = nowNanos;
        if (isAnswer(chunk.type())) {
            lastAnsweredNanos = nowNanos;
        }
        switch (chunk.type()) {
            case SESSION_WELCOME -> onWelcome(chunk.extension(), nowNanos);
            case SESSION_REFUSED -> onDropped(chunk.extension());
            case GROUP_WELCOME,
                    GROUP_ACK,
                    GROUP_DISCONNECTED,
                    BROADCAST_MESSAGE,
                    BROADCAST_FIRST_FRAGMENT,
                    BROADCAST_FRAGMENT,
                    BROADCAST_FINAL_FRAGMENT,
                    BROADCAST_BUNDLE,
                    BROADCAST_QUERY,
                    BARRIER_RELEASED,
                    BARRIER_BROKEN -> onGroupChunk(nowNanos);
            default -> counters.onDropped(DropReason.UNEXPECTED);
        }
        noteSpeech(nowNanos);
    }

    private static boolean isAnswer(ChunkType type) {
        return type == ChunkType.SESSION_WELCOME || type == ChunkType.GROUP_WELCOME || type == ChunkType.GROUP_ACK;
    }

    private void onWelcome(@Nullable Extension answer, long nowNanos) {
        InetSocketAddress address = chunk.multicastAddress();
        int size = chunk.chunkSizeBytes();
        long interval = chunk.heartbeatIntervalNanos();
        if (!address.getAddress().isMulticastAddress()
                || address.getPort() == 0
                || size < MINIMUM_CHUNK_BYTES
                || size > MAXIMUM_CHUNK_BYTES
                || interval < MINIMUM_HEARTBEAT_NANOS
                || interval > MAXIMUM_HEARTBEAT_NANOS
                || answer != null && !answer.isUnderstood()) {
            counters.onDropped(DropReason.BAD_FIELD);
            return;
        }
        if (multicastAddress == null) {
            multicastAddress = address;
            chunkSizeBytes = size;
            // A coordinator that wants few heartbeats must still be asked before it is taken for lost.
            heartbeatIntervalNanos =
                    Math.max(MINIMUM_HEARTBEAT_NANOS, Math.min(interval, settings.coordinatorTimeoutNanos() / 3));
            joinTimer.stop();
            lastSpokeNanos = nowNanos;
            confirmedNanos = nowNanos;
            if (answer != null) {
                link.onAgreement(answer);
                incarnation = answer.incarnation();
            }
            outbox.tell(new SessionEvent.SessionJoined(address));
        } else if (!multicastAddress.equals(address)
                || size != chunkSizeBytes
                || incarnation != (answer == null ? 0 : answer.incarnation())) {
            lose(
                    Disconnection.Cause.COORDINATOR_LOST,
                    "another run of the coordinator answers at " + settings.coordinatorAddress()
                            + ": the session was started anew");
        } else if (answer != null && isOfEarlierMember(answer, nowNanos)) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else if (answer != null && answer.memberId() != link.memberId()) {
            // It had forgotten us, and takes us for a new member now.
            confirmedNanos = nowNanos;
            link.onAgreement(answer);
            groups.all()
                    .forEach(group -> group.leaveAtOnce(new Disconnection(
                            Disconnection.Cause.EVICTED,
                            "the coordinator took this member out, since it did not hear from it for too long")));
        } else {
            confirmedNanos = nowNanos;
            groups.all().forEach(JoinedGroup::onCoordinatorConfirmed);
        }
    }

    /**
     * Whether an answer is late, and the coordinator has forgotten us since: ids are given in turn. Who has not been called by
     * its own for long was forgotten itself, and so many others may have come since that they begin from the front again.
     */
    private boolean isOfEarlierMember(Extension answer, long nowNanos) {
        return (short) (answer.memberId() - link.memberId()) < 0
                && nowNanos - confirmedNanos < settings.coordinatorTimeoutNanos();
    }

    private void onDropped(@Nullable Extension spoken) {
        if (multicastAddress == null && spoken != null && !spoken.isUnderstood()) {
            joinTimer.stop();
            lose(
                    Disconnection.Cause.UNKNOWN_VERSION,
                    "the coordinator " + settings.coordinatorAddress() + " speaks version " + spoken.lowestVersion()
                            + "…" + spoken.highestVersion() + " of the protocol, this node version "
                            + Extension.VERSION);
        } else {
            counters.onDropped(DropReason.UNEXPECTED);
        }
    }

    private void onGroupChunk(long nowNanos) {
        JoinedGroup group = groups.find(chunk.group());
        if (group != null) {
            group.onChunk(chunk, nowNanos);
        } else {
            // The other groups of the session share the multicast address.
            counters.onDropped(DropReason.UNKNOWN_GROUP);
            link.refuseMembership(chunk);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (loss != null) {
            return;
        }
        if (multicastAddress == null) {
            if (joinTimer.isDue(nowNanos)) {
                counters.onRetransmission();
                link.joinSession();
            }
            return;
        }
        // Not by what groups have to do, which may be due for long by the time it is asked for.
        long lateNanos = nowNanos - nextLifeNanos();
        if (lateNanos > heartbeatIntervalNanos) {
            // This process was stopped, or its machine was. That it heard nothing says nothing of the coordinator.
            lastHeardNanos = Math.min(nowNanos, lastHeardNanos + lateNanos);
            lastAnsweredNanos = Math.min(nowNanos, lastAnsweredNanos + lateNanos);
        }
        if (nowNanos - lastHeardNanos >= settings.coordinatorTimeoutNanos()) {
            lose(
                    Disconnection.Cause.COORDINATOR_LOST,
                    "nothing was heard from the coordinator " + settings.coordinatorAddress() + " for "
                            + (nowNanos - lastHeardNanos) / 1_000_000 + " ms");
            return;
        }
        if (nowNanos >= unansweredEndNanos()) {
            lose(
                    Disconnection.Cause.COORDINATOR_LOST,
                    "the coordinator " + settings.coordinatorAddress() + " is heard, but has answered nothing for "
                            + (nowNanos - lastAnsweredNanos) / 1_000_000 + " ms: it does not hear this node");
            return;
        }
        List<JoinedGroup> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onDeadline(nowNanos);
        }
        noteSpeech(nowNanos);
        if (nowNanos >= probeNanos()) {
            lastProbedNanos = nowNanos;
            link.joinSession();
        } else if (nowNanos - lastSpokeNanos >= heartbeatIntervalNanos) {
            showLife();
        }
        noteSpeech(nowNanos);
    }

    /** The answer of a coordinator of ours tells whether it still knows us, and is the same one. */
    private void showLife() {
        if (link.memberId() == 0) {
            link.heartbeat();
        } else {
            link.joinSession();
        }
    }

    /**
     * When to ask for a sign of life, whatever else was said meanwhile: not everything is answered. That a coordinator of ours
     * is heard by others does not do, as it has to hear this member, too.
     */
    private long probeNanos() {
        long lastNanos = link.memberId() == 0 ? lastHeardNanos : lastAnsweredNanos;
        return Math.max(lastNanos, lastProbedNanos) + heartbeatIntervalNanos;
    }

    /** When a coordinator of ours that is heard is taken not to hear this member. */
    private long unansweredEndNanos() {
        return link.memberId() == 0
                ? RetryTimer.NEVER
                : lastAnsweredNanos + UNANSWERED_TIMEOUTS * settings.coordinatorTimeoutNanos();
    }

    private void noteSpeech(long nowNanos) {
        if (link.takeSpoke()) {
            lastSpokeNanos = nowNanos;
        }
    }

    private void lose(Disconnection.Cause cause, String detail) {
        Disconnection lost = new Disconnection(cause, detail);
        loss = lost;
        outbox.tell(new SessionEvent.SessionLost(lost));
        groups.all().forEach(group -> group.end(lost));
    }

    @Override
    public long nextDeadlineNanos() {
        if (loss != null) {
            return RetryTimer.NEVER;
        }
        if (multicastAddress == null) {
            return joinTimer.deadlineNanos();
        }
        long next = nextLifeNanos();
        List<JoinedGroup> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextDeadlineNanos());
        }
        return next;
    }

    /** When the next sign of life is to be given or missed. */
    private long nextLifeNanos() {
        return Math.min(
                Math.min(lastHeardNanos + settings.coordinatorTimeoutNanos(), unansweredEndNanos()),
                Math.min(probeNanos(), lastSpokeNanos + heartbeatIntervalNanos));
    }

    /** Whether the coordinator has answered. */
    public boolean isJoined() {
        return multicastAddress != null;
    }

    /** Why the session is over, once it is. */
    public @Nullable Disconnection loss() {
        return loss;
    }

    /** Whether this member is in the group, or on its way in or out. */
    public boolean hasGroup(int id) {
        JoinedGroup group = groups.find(id);
        return group != null && group.state() != JoinedGroup.State.OUT;
    }

    public JoinedGroup joinBarrier(int id, long nowNanos) {
        return join(JoinedGroup.barrier(id, link), nowNanos);
    }

    public JoinedGroup joinBroadcast(int id, long nowNanos) {
        return join(JoinedGroup.broadcast(id, link, settings.windowChunks(), chunkSizeBytes), nowNanos);
    }

    private JoinedGroup join(JoinedGroup group, long nowNanos) {
        if (hasGroup(group.id())) {
            throw new IllegalStateException("this member is in group " + group.id() + ", or has not left it yet");
        }
        groups.put(group.id(), group);
        group.join(nowNanos);
        return group;
    }

    /** Forgets a group that this member is out of. */
    public void removeGroup(JoinedGroup group) {
        if (groups.find(group.id()) == group && group.state() == JoinedGroup.State.OUT) {
            groups.remove(group.id());
        }
    }

    /** The groups that this member has asked to join, those that it has left included. */
    public List<JoinedGroup> groups() {
        return List.copyOf(groups.all());
    }

    /** Which run of this node this is; never 0. */
    public long incarnation() {
        return link.incarnation();
    }

    /** Which run of the coordinator this is; 0 when it does not tell, as 0.1 ones don't, or has not answered. */
    public long coordinatorIncarnation() {
        return incarnation;
    }

    /** How long the coordinator takes to answer, smoothed, or -1 while that was not measured. */
    public long roundTripNanos() {
        return link.roundTrip().smoothedNanos();
    }

    /** When something was last heard from the coordinator. */
    public long lastHeardNanos() {
        return lastHeardNanos;
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
