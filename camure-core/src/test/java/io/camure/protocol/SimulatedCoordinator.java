package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundOutcome;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One incarnation of a coordinator and its application, which waits at a barrier and sends messages again and again. */
final class SimulatedCoordinator {

    static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 7400);

    /** Those of runs in which all datagrams get everywhere, and of the others. */
    static final int SHORT_CHUNK_BYTES = 508;

    static final int LONG_CHUNK_BYTES = 1472;

    private static final int MOST_FRAGMENTS = 40;

    private final SimulatedNetwork network;
    private final SimulationRecord record;
    private final SimulationRecord.Life life;
    private final SplittableRandom random;
    private final Plan plan;
    private final Function<Membership, @Nullable SimulatedProcess> processes;
    private final BiPredicate<Membership, Long> arrivals;
    private final CoordinatorSession session;
    private final ManagedGroup<BarrierRound> barrier;
    private final ManagedGroup<BroadcastSending> broadcast;
    private final SimulatedReducing collective;
    private final Map<Membership, Long> admitted = new HashMap<>();

    /** The first chunk of the last message, if that has several; otherwise in front of all. */
    private long longMessageFirst = Long.MIN_VALUE;

    private boolean thinking;
    private boolean waiting;
    private long arrivedRound = -1;
    private boolean writing;
    private int lastMessage = Integer.MAX_VALUE;
    private int fragmentsLeft;
    private int fragmentsWritten;

    /**
     * What the application and its settings are like.
     *
     * @param breaksOnLoss whether the loss of a member breaks a round
     * @param slowMemberPolicy what becomes of a member that holds the broadcast up
     * @param abandons whether messages are given up at times
     * @param sealing seals the session; {@code null} for one in clear
     */
    record Plan(
            SessionSettings settings,
            int expectedMembers,
            boolean breaksOnLoss,
            SlowMemberPolicy slowMemberPolicy,
            boolean abandons,
            long thinkNanos,
            @Nullable Sealing sealing) {}

    /** @param limits how long keys are used */
    record Sealing(Secret secret, KeyLimits limits) {

        /** Every fourth run is sealed, and some of those change keys all the time. */
        static @Nullable Sealing of(long seed, long timeoutNanos) {
            if (Math.floorMod(seed, 4) != 0) {
                return null;
            }
            boolean often = Math.floorMod(seed, 3) == 0;
            Secret secret = new Secret(new byte[Secret.SHORTEST_BYTES]);
            return new Sealing(
                    secret, often ? new KeyLimits(64 + Math.floorMod(seed, 500), timeoutNanos) : KeyLimits.DEFAULT);
        }
    }

    static final String SESSION_NAME = "simulated";

    SimulatedCoordinator(
            SimulatedNetwork network,
            SimulationRecord record,
            SplittableRandom random,
            Plan plan,
            Function<Membership, @Nullable SimulatedProcess> processes,
            BiPredicate<Membership, Long> arrivals) {
        this.network = network;
        this.record = record;
        this.random = random;
        this.plan = plan;
        this.processes = processes;
        this.arrivals = arrivals;
        life = record.beginLife();
        session = new CoordinatorSession(plan.settings(), SESSION_NAME, random.split(), codec());
        Admission admission = new Admission(true, plan.expectedMembers());
        barrier = session.create(
                BarrierKind.BARRIER,
                SimulatedMember.BARRIER,
                admission,
                plan.breaksOnLoss() ? LossPolicy.BREAK : LossPolicy.CONTINUE);
        barrier.work().traceBy((round, participants, elapsedNanos, last, contexts) -> {
            if (contexts.isEmpty() || contexts.size() > participants || elapsedNanos < 0) {
                throw new AssertionError("round " + round + " had " + contexts.size() + " contexts");
            }
            return SimulatedArrivals.contextOf(round);
        });
        broadcast =
                session.create(BroadcastKind.BROADCAST, SimulatedMember.BROADCAST, admission, plan.slowMemberPolicy());
        collective = new SimulatedReducing(network, record.values(), random.split(), ADDRESS, session, plan);
        network.add(ADDRESS, session);
    }

    private DatagramCodec codec() {
        Sealing sealing = plan.sealing();
        return sealing == null
                ? DatagramCodec.PLAIN
                : new CoordinatorCodec(
                        List.of(sealing.secret()),
                        SealingCipher.AES_128_GCM,
                        plan.settings(),
                        sealing.limits(),
                        random.split());
    }

    /** Sees what has happened, and does what the application can do now. */
    void step() {
        observeAdmissions();
        observeRounds();
        if (!network.isPaused(ADDRESS)) {
            useBarrier();
            collective.step();
            writeSoon();
        }
    }

    private void observeAdmissions() {
        for (Membership membership : broadcast.memberships()) {
            // Again with another number, if it did not answer.
            boolean welcomed = membership.state() != Membership.State.WAITING;
            Long first = membership.firstSequence();
            if (welcomed && !first.equals(admitted.put(membership, first))) {
                life.admit(membership.address(), membership.firstSequence() <= longMessageFirst);
            }
        }
        if (admitted.size() > 4 * broadcast.memberships().size() + 4) {
            admitted.keySet().retainAll(broadcast.memberships());
        }
    }

    private void observeRounds() {
        long ended = barrier.work().nextSequence();
        if (ended > life.rounds()) {
            RoundOutcome outcome = barrier.work().outcome();
            while (life.rounds() < ended) {
                long round = life.rounds();
                // One at which the coordinator has not arrived can only be broken.
                boolean broken = outcome.round() != round || outcome.broken() != null;
                if (!broken) {
                    checkArrivals(round, outcome.participants());
                }
                record.counts().count(broken ? SimulatedFault.BROKEN : SimulatedFault.COMPLETED);
                life.endRound(broken ? 0 : outcome.participants(), broken);
            }
        }
    }

    private void checkArrivals(long round, int participants) {
        if (arrivedRound != round) {
            throw new AssertionError("round " + round + " was completed without the coordinator");
        }
        if (participants - 1 > plan.settings().maximumMembers() || participants < 2) {
            throw new AssertionError("round " + round + " had " + participants + " participants");
        }
        for (Membership membership : barrier.memberships()) {
            if (membership.isMember() && !arrivals.test(membership, round)) {
                throw new AssertionError("round " + round + " was completed without " + processes.apply(membership));
            }
        }
    }

    private void useBarrier() {
        if (waiting && barrier.work().outcome().round() >= arrivedRound) {
            waiting = false;
        }
        if (!waiting && !thinking) {
            thinking = true;
            network.after(random.nextLong(plan.thinkNanos()), ADDRESS, () -> {
                thinking = false;
                waiting = true;
                // Known before it is done, since it may complete the round.
                arrivedRound = barrier.work().nextSequence();
                arrivedRound = barrier.work().arrive(network.nowNanos());
            });
        }
    }

    /** The application breaks the current round. */
    void reset() {
        barrier.work().reset(network.nowNanos());
    }

    private void writeSoon() {
        if (!writing && (life.messagesBegun() < lastMessage || fragmentsLeft > 0)) {
            writing = true;
            // When time is measured the application is not to take any.
            boolean atOnce = lastMessage < Integer.MAX_VALUE || random.nextInt(4) == 0;
            long pauseNanos = atOnce ? MILLISECONDS.toNanos(1) / 20 : plan.thinkNanos();
            network.after(random.nextLong(pauseNanos), ADDRESS, () -> {
                writing = false;
                writeMessages();
            });
        }
    }

    private void writeMessages() {
        // Somebody may have come in by what has waited for the same turn.
        observeAdmissions();
        SendWindow window = broadcast.work().window();
        // No more than that, as what was written must not be overwritten before the turn is over.
        for (int room = window.room();
                room > 0
                        && window.room() > 0
                        && (fragmentsLeft > 0 || life.messagesBegun() < lastMessage)
                        && random.nextInt(6) != 0;
                room--) {
            if (fragmentsLeft == 0) {
                life.beginMessage();
                fragmentsWritten = 0;
                fragmentsLeft = random.nextInt(4) == 0 ? random.nextInt(1, MOST_FRAGMENTS) : 1;
            } else if (plan.abandons() && random.nextInt(100) == 0) {
                record.counts().count(SimulatedFault.ABANDONED);
                life.abandonMessage();
                fragmentsLeft = 0;
                window.abandonMessage(network.nowNanos());
                observeAdmissions();
                continue;
            }
            writeFragment(window);
            // Who is admitted by this begins with the next message, or with this one if nothing of it was sent.
            observeAdmissions();
        }
    }

    private void writeFragment(SendWindow window) {
        boolean first = fragmentsWritten == 0;
        boolean last = fragmentsLeft == 1;
        ChunkType type = first
                ? last ? ChunkType.BROADCAST_MESSAGE : ChunkType.BROADCAST_FIRST_FRAGMENT
                : last ? ChunkType.BROADCAST_FINAL_FRAGMENT : ChunkType.BROADCAST_FRAGMENT;
        int bytes = random.nextInt(SimulatedReader.HEADER_BYTES, window.payloadBytes() + 1);
        ByteBuffer payload = SimulatedReader.payload(
                bytes, life.number, life.messagesBegun(), fragmentsWritten, last ? fragmentsWritten + 1 : 0);
        if (first) {
            longMessageFirst = last ? Long.MIN_VALUE : window.nextSequence();
        }
        fragmentsWritten++;
        fragmentsLeft--;
        window.write(type, payload, network.nowNanos());
    }

    /** Sends so many more messages, and then none. */
    void finish(int messages) {
        lastMessage = life.messagesBegun() + messages;
    }

    /** Whether all messages were written. */
    boolean isFinished() {
        return life.messagesBegun() >= lastMessage && fragmentsLeft == 0;
    }

    /** Ends both groups. */
    void close() {
        for (ManagedGroup<?> group : List.of(barrier, broadcast, collective.group())) {
            group.stop();
            group.endAdmissions(network.nowNanos());
            group.close(network.nowNanos());
        }
    }

    SimulationRecord.Life life() {
        return life;
    }

    CoordinatorSession session() {
        return session;
    }

    ManagedGroup<BarrierRound> barrier() {
        return barrier;
    }

    ManagedGroup<CollectiveRound> collective() {
        return collective.group();
    }

    ManagedGroup<BroadcastSending> broadcast() {
        return broadcast;
    }
}
