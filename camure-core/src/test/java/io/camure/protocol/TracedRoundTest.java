package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundTracer;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.ReleaseProof;
import io.camure.wire.RoundContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rounds whose participants wait in traces: what they tell of those gets to the coordinator, and what stands for the round to them. */
class TracedRoundTest {

    private static final byte[] OF_ROUND = context(99);

    private final Tracer tracer = new Tracer();

    private record Told(
            long round,
            int participants,
            long elapsedNanos,
            @Nullable NodeIdentity last,
            List<byte[]> contexts) {}

    /** Answers with the same context each time. */
    private static final class Tracer implements RoundTracer {
        final List<Told> told = new ArrayList<>();

        @Override
        public byte @Nullable [] onComplete(
                long round, int participants, long elapsedNanos, @Nullable NodeIdentity last, List<byte[]> contexts) {
            told.add(new Told(round, participants, elapsedNanos, last, contexts));
            return OF_ROUND;
        }
    }

    private static byte[] context(int value) {
        byte[] context = new byte[RoundContext.BYTES];
        Arrays.fill(context, (byte) value);
        return context;
    }

    /** A session with members in a barrier. */
    private final class Rounds {
        final Session session;
        final ManagedGroup<BarrierRound> barrier;
        final List<Session.Node> nodes = new ArrayList<>();
        final List<JoinedGroup<BarrierArrival>> joined = new ArrayList<>();

        Rounds(Session session, int members, boolean traced) {
            this.session = session;
            barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
            if (traced) {
                barrier.work().traceBy(tracer);
            }
            for (int i = 0; i < members; i++) {
                nodes.add(session.member());
                joined.add(nodes.get(i).joinBarrier(0));
            }
            session.settle();
            assertThat(barrier.memberCount()).isEqualTo(members);
        }

        void arrive(int member, byte @Nullable [] context) {
            if (context != null) {
                joined.get(member).work().waitsIn(context);
            }
            joined.get(member).work().arrive(session.now());
            session.network.runFor(MILLISECONDS.toNanos(10));
        }

        byte @Nullable [] contextAt(int member) {
            return joined.get(member).work().outcome().context();
        }

        /** Each member arrives in a trace of its own, and then the coordinator. */
        void pass() {
            for (int i = 0; i < joined.size(); i++) {
                arrive(i, context(i + 1));
            }
            barrier.work().waitsIn(context(50));
            barrier.work().arrive(session.now());
            session.settle();
        }
    }

    static List<Session> sessions() {
        return List.of(
                new Session(),
                Session.ofHardenedNodes(),
                new Session(GroupDelivery.AUTO, List.of(new Secret(new byte[32]))));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void allAreToldOfAndAllLearnWhatStandsForTheRound(Session session) {
        Rounds rounds = new Rounds(session, 3, true);
        for (int round = 0; round < 3; round++) {
            rounds.pass();

            Told told = tracer.told.get(round);
            assertThat(told.round()).isEqualTo(round);
            assertThat(told.participants()).isEqualTo(4);
            assertThat(told.elapsedNanos()).isBetween(MILLISECONDS.toNanos(29), MILLISECONDS.toNanos(31));
            assertThat(told.last()).as("the coordinator").isNull();
            assertThat(told.contexts()).containsExactly(context(1), context(2), context(3), context(50));
            for (int i = 0; i < 3; i++) {
                assertThat(rounds.contextAt(i)).isEqualTo(OF_ROUND);
            }
            assertThat(rounds.barrier.work().outcome().context()).isEqualTo(OF_ROUND);
        }
    }

    @Test
    void whoWaitsInNoTraceIsNotToldOfAndWhoCameLastIs() {
        Rounds rounds = new Rounds(new Session(), 3, true);
        rounds.barrier.work().arrive(rounds.session.now());
        rounds.arrive(0, null);
        rounds.arrive(2, context(3));
        rounds.arrive(1, null);
        rounds.session.settle();

        assertThat(tracer.told).singleElement().satisfies(told -> {
            assertThat(told.contexts()).containsExactly(context(3));
            assertThat(told.last()).isEqualTo(rounds.nodes.get(1).identity());
        });
        assertThat(rounds.contextAt(2)).isEqualTo(OF_ROUND);
        assertThat(rounds.contextAt(0)).isNull();
    }

    @Test
    void aReleaseThatWasLostTellsItWhenItComesAgain() {
        Rounds rounds = new Rounds(new Session(), 2, true);
        List<Integer> lost = new ArrayList<>();
        rounds.session.network.dropIf((source, destination, chunk) -> {
            boolean first = chunk.type() == ChunkType.BARRIER_RELEASED && lost.isEmpty();
            if (first) {
                lost.add(1);
            }
            return first;
        });
        rounds.pass();

        assertThat(lost).hasSize(1);
        assertThat(rounds.contextAt(0)).isEqualTo(OF_ROUND);
        assertThat(rounds.contextAt(1)).isEqualTo(OF_ROUND);
        assertThat(tracer.told).hasSize(1);
    }

    @Test
    void anArrivalThatWasLostTellsItWhenItComesAgain() {
        Rounds rounds = new Rounds(new Session(), 1, true);
        List<Integer> lost = new ArrayList<>();
        rounds.session.network.dropIf((source, destination, chunk) -> {
            boolean early = chunk.type() == ChunkType.BARRIER_REACHED && lost.size() < 2;
            if (early) {
                lost.add(1);
            }
            return early;
        });
        rounds.pass();

        assertThat(lost).hasSize(2);
        assertThat(tracer.told)
                .singleElement()
                .satisfies(told -> assertThat(told.contexts()).containsExactlyInAnyOrder(context(1), context(50)));
    }

    @Test
    void aBrokenRoundHasNone() {
        Rounds rounds = new Rounds(new Session(), 2, true);
        rounds.arrive(0, context(1));
        rounds.barrier.work().reset(rounds.session.now());
        rounds.session.settle();
        assertThat(rounds.joined.get(0).work().outcome().broken()).isNotNull();
        assertThat(rounds.contextAt(0)).isNull();
        // They learn of the one that was broken.
        rounds.arrive(1, context(2));
        rounds.barrier.work().arrive(rounds.session.now());
        rounds.pass();

        assertThat(tracer.told)
                .singleElement()
                .satisfies(told -> assertThat(told.contexts()).containsExactly(context(1), context(2), context(50)));
    }

    @Test
    void whatAnEarlierBuildHasBehindItsArrivalIsNoContext() {
        LoneCoordinator coordinator = new LoneCoordinator();
        ManagedGroup<BarrierRound> barrier =
                coordinator.session.create(BarrierKind.BARRIER, 3, AUTOMATIC, LossPolicy.CONTINUE);
        barrier.work().traceBy(tracer);
        coordinator.receiveGroupJoin(LoneCoordinator.NODE, 3, GroupType.BARRIER, 40);
        coordinator.receive(LoneCoordinator.NODE, chunk -> ChunkWriter.welcomeAck(chunk, 3, 0, 40));
        coordinator.receive(LoneCoordinator.NODE, chunk -> {
            ChunkWriter.barrierReached(chunk, 3, 0, -1, 40);
            ReleaseProof.put(chunk, 0);
            RoundContext.put(chunk, context(1));
        });
        barrier.work().arrive(coordinator.nowNanos);

        assertThat(barrier.work().outcome().round()).isZero();
        assertThat(tracer.told).isEmpty();
    }

    @Test
    void whoArrivedAndWasLostIsNotToldOf() {
        Session session = new Session();
        ManagedGroup<BarrierRound> barrier =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        barrier.work().traceBy(tracer);
        Session.Node lost = session.member();
        Session.Node stays = session.member();
        JoinedGroup<BarrierArrival> ofLost = lost.joinBarrier(0);
        JoinedGroup<BarrierArrival> ofOther = stays.joinBarrier(0);
        session.settle();
        ofLost.work().waitsIn(context(1));
        ofLost.work().arrive(session.now());
        ofOther.work().waitsIn(context(2));
        ofOther.work().arrive(session.now());
        session.settle();
        session.network.kill(lost.address);
        session.network.runFor(2 * Session.MEMBER_TIMEOUT_NANOS);
        barrier.work().arrive(session.now());
        session.settle();

        assertThat(tracer.told)
                .singleElement()
                .satisfies(told -> assertThat(told.contexts()).containsExactly(context(2)));
    }

    @Test
    void ofManyParticipantsSomeAreToldOf() {
        Rounds rounds = new Rounds(new Session(), 70, true);
        rounds.pass();

        assertThat(tracer.told.get(0).contexts())
                .hasSize(64)
                .contains(context(1))
                .doesNotContain(context(70));
        assertThat(rounds.contextAt(69)).isEqualTo(OF_ROUND);
    }

    @Test
    void itCostsTwentyFiveBytesEachAndNoDatagram() {
        List<Transmission> without = transmissions(false, false);
        List<Transmission> traced = transmissions(true, true);

        assertThat(traced)
                .extracting(Transmission::type)
                .isEqualTo(without.stream().map(Transmission::type).toList());
        assertThat(bytes(traced, false) - bytes(without, false)).isEqualTo(2 * RoundContext.BYTES);
        assertThat(bytes(traced, true) - bytes(without, true)).isEqualTo(RoundContext.BYTES);
    }

    @Test
    void outsideOfTracesItCostsNothing() {
        assertThat(transmissions(true, false))
                .extracting(Transmission::bytes)
                .containsExactlyElementsOf(transmissions(false, false).stream()
                        .map(Transmission::bytes)
                        .toList());
        assertThat(tracer.told).isEmpty();
    }

    private List<Transmission> transmissions(boolean traced, boolean inTraces) {
        Rounds rounds = new Rounds(Session.ofHardenedNodes(), 2, traced);
        List<Transmission> sent = rounds.session.network.record();
        for (int i = 0; i < 2; i++) {
            rounds.arrive(i, inTraces ? context(i + 1) : null);
        }
        rounds.barrier.work().arrive(rounds.session.now());
        rounds.session.network.runFor(MILLISECONDS.toNanos(1));
        return List.copyOf(sent);
    }

    private static int bytes(List<Transmission> sent, boolean ofCoordinator) {
        return sent.stream()
                .filter(one -> one.source().equals(COORDINATOR) == ofCoordinator)
                .mapToInt(one -> one.bytes().length)
                .sum();
    }
}
