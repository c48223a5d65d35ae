package io.camure.protocol.session;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.GroupKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.MemberWork;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session at a member: getting in, staying in as long as both sides live, and which group a chunk is for. */
public final class MemberSession implements StateMachine {

    private final MemberSettings settings;
    private final DatagramCodec codec;
    private final Outbox outbox;
    private final ProtocolCounters counters = new ProtocolCounters();
    private final ChunkReader chunk = new ChunkReader();
    private final MemberLink link;
    private final Recognition recognition;
    private final CoordinatorLiveness liveness;
    private final CoordinatorAddresses addresses;
    private final JoinedGroups groups = new JoinedGroups();
    private final RetryTimer joinTimer = new RetryTimer(RoundTripEstimator.MAXIMUM_NANOS);

    /** What was agreed on; {@code null} as long as the coordinator has not answered. */
    private @Nullable SessionTerms terms;

    /** What the coordinator has said last. */
    private JoinObstacle obstacle = JoinObstacle.NONE;

    private @Nullable Disconnection loss;

    /** @param random tells this incarnation of the member from others at its address; unpredictable in a real session */
    public MemberSession(MemberSettings settings, RandomGenerator random) {
        this(settings, random, DatagramCodec.PLAIN);
    }

    /** @param codec opens what is received and seals what is sent */
    public MemberSession(MemberSettings settings, RandomGenerator random, DatagramCodec codec) {
        this.settings = settings;
        this.codec = codec;
        outbox = new Outbox(codec);
        link = new MemberLink(settings, random.nextLong() | 1, SessionTerms.MAXIMUM_DATAGRAM_BYTES, outbox, counters);
        addresses = new CoordinatorAddresses(settings.coordinatorAddress(), link.incarnation(), codec, outbox);
        recognition = new Recognition(link, groups, addresses.probes());
        liveness = new CoordinatorLiveness(settings, link, recognition);
    }

    /** Asks the coordinator to be admitted, until it answers. */
    public void join(long nowNanos) {
        liveness.onJoining(nowNanos);
        link.joinSession();
        joinTimer.start(nowNanos, RoundTripEstimator.INITIAL_NANOS);
    }

    /**
     * Says goodbye to a coordinator that understands it, once: it would find out by itself, too, only later. Nothing is said
     * after that.
     */
    public void leave() {
        if (loss == null) {
            if (!link.isLegacy()) {
                link.leaveSession();
            }
            loss = new Disconnection(Disconnection.Cause.LEFT, "left the session");
        }
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        if (loss == null && codec.takes(source, datagram, outbox, counters, nowNanos)) {
            return;
        }
        DropReason reason = addresses.open(source, datagram, chunk);
        if (reason == null && link.isOversized(chunk)) {
            reason = DropReason.OVERSIZED;
        }
        if (reason == null) {
            reason = loss != null ? DropReason.UNEXPECTED : recognition.doubt(chunk);
        }
        if (reason != null) {
            counters.onDropped(reason);
            return;
        }
        ChunkType type = chunk.type();
        counters.onReceived(type);
        liveness.onHeard(chunk, nowNanos);
        if (GroupKinds.FROM_COORDINATOR.contains(type)) {
            onGroupChunk(nowNanos);
        } else if (type == ChunkType.SESSION_WELCOME) {
            onWelcome(chunk.extension(), nowNanos);
        } else if (type == ChunkType.SESSION_REFUSED) {
            onRefused(chunk.extension());
        } else if (type == ChunkType.SESSION_LEAVE && link.isGoodbye(chunk.extension())) {
            lose(Refusals.handedOver(link.coordinator()));
        } else if (!liveness.takes(chunk, terms != null, nowNanos)) {
            counters.onDropped(DropReason.UNEXPECTED);
        }
        liveness.noteSpeech(nowNanos);
    }

    private void onWelcome(@Nullable Extension answer, long nowNanos) {
        SessionTerms told = SessionTerms.of(chunk);
        SessionTerms agreed = terms;
        if (!told.isValid() || answer != null && !answer.isUnderstood()) {
            counters.onDropped(DropReason.BAD_FIELD);
        } else if (agreed != null && told.isOfAnotherSessionThan(agreed)) {
            link.declineSession(answer);
            Disconnection refusal = Refusals.read(answer, settings, agreed);
            lose(refusal != null ? refusal : Refusals.anotherIncarnation(link.coordinator(), "answers"));
        } else if (answer != null && !answer.token().equals(JoinToken.NONE)) {
            link.proveAddress(answer.token());
        } else if (agreed == null) {
            onFirstWelcome(told, answer, nowNanos);
        } else if (answer != null && link.isOfEarlierMember(answer, nowNanos)) {
            counters.onDropped(DropReason.EARLIER_INCARNATION);
        } else {
            onLaterWelcome(answer, nowNanos);
        }
    }

    private void onFirstWelcome(SessionTerms told, @Nullable Extension answer, long nowNanos) {
        Disconnection refusal = Refusals.read(answer, settings, null);
        if (refusal == null) {
            refusal = TermRefusals.read(told, answer, settings, counters);
        }
        if (refusal != null) {
            link.declineSession(answer);
            lose(refusal);
            return;
        }
        terms = told;
        addresses.onJoined(chunk);
        link.onConfirmed(nowNanos);
        joinTimer.stop();
        liveness.onJoined(told.heartbeatIntervalNanos(), nowNanos);
        link.onDatagramBytes(told.datagramBytes());
        if (answer != null) {
            link.onAgreement(answer);
        }
        boolean multicast = link.delivery() != GroupDelivery.UNICAST;
        outbox.tell(new SessionEvent.SessionJoined(multicast ? told.multicastAddress() : null, told.term()));
    }

    private void onLaterWelcome(@Nullable Extension answer, long nowNanos) {
        boolean forgotten = answer != null && answer.memberId() != link.memberId();
        link.onConfirmed(nowNanos);
        if (answer != null && (forgotten || answer.echo() != 0)) {
            // Somebody else may have made up the first one.
            addresses.onJoined(chunk);
            link.onAgreement(answer);
        }
        if (forgotten) {
            // The coordinator takes this member for a new one now.
            groups.all().forEach(group -> group.leaveAtOnce(Refusals.forgotten()));
        } else {
            groups.all().forEach(JoinedGroup::onCoordinatorConfirmed);
        }
    }

    private void onRefused(@Nullable Extension spoken) {
        Disconnection refusal = Refusals.read(spoken, settings, terms);
        if (refusal != null) {
            lose(refusal);
        } else if (terms == null) {
            // It goes on asking: somebody may leave, or nobody may have meant it.
            obstacle = JoinObstacle.of(spoken);
        } else {
            counters.onDropped(DropReason.UNEXPECTED);
        }
    }

    private void onGroupChunk(long nowNanos) {
        JoinedGroup<?> group = groups.onChunk(chunk, nowNanos);
        if (group == null) {
            // The other groups of the session share the multicast address.
            counters.onDropped(DropReason.UNKNOWN_GROUP);
            link.refuseMembership(chunk);
        } else if (group.work().showsRestart()) {
            lose(Refusals.anotherIncarnation(link.coordinator(), "sends"));
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (loss != null) {
            return;
        }
        if (terms == null) {
            if (joinTimer.isDue(nowNanos)) {
                counters.onRetransmission();
                link.joinSession();
            }
            return;
        }
        String lost = liveness.findLoss(nowNanos);
        if (lost != null) {
            lose(new Disconnection(Disconnection.Cause.COORDINATOR_LOST, lost));
            return;
        }
        groups.onDeadline(nowNanos);
        if (liveness.missesGroupTraffic(nowNanos)) {
            outbox.tell(new SessionEvent.GroupTrafficMissing());
        }
        liveness.noteSpeech(nowNanos);
        liveness.showLife(nowNanos);
        liveness.noteSpeech(nowNanos);
    }

    private void lose(Disconnection lost) {
        loss = lost;
        outbox.tell(new SessionEvent.SessionLost(lost));
        groups.all().forEach(group -> group.end(lost));
    }

    @Override
    public long nextDeadlineNanos() {
        if (loss != null) {
            return RetryTimer.NEVER;
        }
        if (terms == null) {
            return joinTimer.deadlineNanos();
        }
        return groups.nextDeadlineNanos(liveness.nextDeadlineNanos());
    }

    /** For a legacy coordinator, which has at most ten chunks on their way. */
    @Override
    public boolean answersOneByOne() {
        return terms != null && link.isLegacy();
    }

    /** Whether the coordinator has answered. */
    public boolean isJoined() {
        return terms != null;
    }

    /** Why the session is over, once it is. */
    public @Nullable Disconnection loss() {
        return loss;
    }

    /** Where a welcome that was not believed came from last, before this member was in; or {@code null}. */
    public @Nullable InetSocketAddress stranger() {
        return addresses.stranger();
    }

    /** Whether the coordinator has a capability, as this node has. */
    public boolean can(Capability capability) {
        return link.can(capability);
    }

    /** Why the coordinator does not let this node into the session, as it has said. */
    public JoinObstacle obstacle() {
        return terms == null ? obstacle : JoinObstacle.NONE;
    }

    /** The group if this member is in it, or on its way in or out. */
    public @Nullable JoinedGroup<?> group(GroupLabel label) {
        return groups.find(label);
    }

    /**
     * Asks to be admitted to a group, until the coordinator answers.
     *
     * @param kind one of the table of kinds
     * @param label of a group that this member is not in; with an id, unless it {@linkplain #can can} answer joins
     */
    public <W extends MemberWork> JoinedGroup<W> join(GroupKind<?, ?, W> kind, GroupLabel label, long nowNanos) {
        GroupKinds.check(kind);
        if (!label.hasId() && !can(Capability.JOIN_ANSWERS)) {
            throw new IllegalStateException("the coordinator knows groups only by their ids");
        }
        return groups.join(kind, label, link, nowNanos);
    }

    /** Asks to be admitted to a group that has no name here. */
    public <W extends MemberWork> JoinedGroup<W> join(GroupKind<?, ?, W> kind, int id, long nowNanos) {
        return join(kind, GroupLabel.of(id), nowNanos);
    }

    /** Forgets a group that this member is out of. */
    public void removeGroup(JoinedGroup<?> group) {
        if (group.state() == JoinedGroup.State.OUT) {
            groups.remove(group);
        }
    }

    /** The groups that this member has asked to join, those that it has left included. */
    public List<JoinedGroup<?>> groups() {
        return List.copyOf(groups.all());
    }

    /** Which incarnation of this node this is; never 0. */
    public long incarnation() {
        return link.incarnation();
    }

    /** Which incarnation of the coordinator this is; 0 when it does not tell, as legacy peers don't, or has not answered. */
    public long coordinatorIncarnation() {
        SessionTerms agreed = terms;
        return agreed == null ? 0 : agreed.incarnation();
    }

    /** Which node the coordinator is; without a name while it has not answered, and when it is a legacy peer. */
    public NodeIdentity coordinator() {
        return link.coordinator();
    }

    /** How long the coordinator takes to answer, smoothed, or -1 while that was not measured. */
    public long roundTripNanos() {
        return link.roundTrip().smoothedNanos();
    }

    /** When something was last heard from the coordinator. */
    public long lastHeardNanos() {
        return liveness.lastHeardNanos();
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
