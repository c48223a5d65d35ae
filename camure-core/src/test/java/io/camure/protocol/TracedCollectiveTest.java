package io.camure.protocol;

import static io.camure.protocol.LongValueSession.value;
import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static io.camure.protocol.SimulatedArrivals.contextOf;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Reduction;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Secret;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import io.camure.wire.RoundContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of collectives that are made in traces: what they tell of those gets to the coordinator, and what stands for the round to them. */
class TracedCollectiveTest {

    private static final int OF_ROUND = 99;
    private static final int OF_COORDINATOR = 50;

    /** What was told of each round. */
    private final List<List<byte[]>> told = new ArrayList<>();

    private byte[] onComplete(List<byte[]> contexts) {
        told.add(contexts);
        return contextOf(OF_ROUND);
    }

    private LongValueSession among(Session session, int members) {
        LongValueSession collective =
                new LongValueSession(session, LossPolicy.CONTINUE, LongValueSession.MEBIBYTE, members);
        collective.group.work().traceBy((round, participants, elapsed, last, contexts) -> onComplete(contexts));
        return collective;
    }

    /** All give values of that length, one after the other, in traces of their own, and get those of all. */
    private void gatherInTraces(LongValueSession collective, long round, int length) {
        List<byte[]> values = new ArrayList<>();
        values.add(value(length, round));
        for (int i = 0; i < collective.joined.size(); i++) {
            values.add(value(length, round + i + 1));
            collective.joined.get(i).work().waitsIn(contextOf(i + 1));
            collective.arriveAtMember(i, values.get(i + 1));
            collective.session.network.runFor(MILLISECONDS.toNanos(100));
        }
        collective.group.work().waitsIn(contextOf(OF_COORDINATOR));
        collective.arriveAtCoordinator(values.get(0));
        collective.session.network.runUntil(
                collective.session.now() + SECONDS.toNanos(60), () -> collective.haveAll(round));
        collective.assertGathered(round, values);
    }

    static List<Session> sessions() {
        return List.of(
                new Session(),
                Session.ofHardenedNodes(),
                new Session(GroupDelivery.AUTO, List.of(new Secret(new byte[Secret.SHORTEST_BYTES]))));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void allAreToldOfAndAllLearnWhatStandsForTheRound(Session session) {
        LongValueSession collective = among(session, 3);
        int round = 0;
        // The last ones fit into a datagram, or the result of all does, only without the contexts.
        for (int length : new int[] {8, 0, 10_000, 100, 120, 440, 465, 480}) {
            gatherInTraces(collective, round, length);

            assertThat(told.get(round))
                    .as("%d bytes", length)
                    .containsExactly(contextOf(1), contextOf(2), contextOf(3), contextOf(OF_COORDINATOR));
            assertThat(collective.group.work().outcome().context()).isEqualTo(contextOf(OF_ROUND));
            assertThat(collective.joined)
                    .extracting(member -> member.work().outcome().context())
                    .as("%d bytes", length)
                    .allSatisfy(context -> assertThat(context).isEqualTo(contextOf(OF_ROUND)));
            round++;
        }
        assertThat(told).hasSize(round);
    }

    @Test
    void whoWaitsInNoTraceIsNotToldOf() {
        LongValueSession collective = among(new Session(), 2);
        collective.joined.get(0).work().waitsIn(contextOf(1));
        collective.gather(0, 10);
        collective.gather(1, 10_000);

        assertThat(told)
                .singleElement()
                .satisfies(contexts -> assertThat(contexts).containsExactly(contextOf(1)));
        assertThat(collective.joined.get(0).work().outcome().context()).isNull();
    }

    @Test
    void whatWasLostTellsItWhenItComesAgain() {
        LongValueSession collective = among(new Session(), 2);
        collective.session.network.setFaults(new Faults(0.2, 0.05, 50_000, 500_000));
        for (int round = 0; round < 20; round++) {
            gatherInTraces(collective, round, round % 2 == 0 ? 20 : 2_000);

            assertThat(told.get(round)).hasSize(3);
            assertThat(collective.joined)
                    .extracting(member -> member.work().outcome().context())
                    .allSatisfy(context -> assertThat(context).isEqualTo(contextOf(OF_ROUND)));
        }
    }

    @Test
    void itCostsTwentyFiveBytesEachAndNothingOutsideOfTraces() {
        LongValueSession without = new LongValueSession(new Session(), LossPolicy.CONTINUE, 1000, 2);
        List<Integer> lengths = lengths(without, false);

        assertThat(lengths(among(new Session(), 2), false)).isEqualTo(lengths);
        assertThat(lengths(among(new Session(), 2), true))
                .isEqualTo(lengths.stream()
                        .map(length -> length + RoundContext.BYTES)
                        .toList());
    }

    /** Of the arrivals and the release of a second round. */
    private List<Integer> lengths(LongValueSession collective, boolean inTraces) {
        collective.gather(0, 10);
        collective.session.settle();
        List<Transmission> sent = collective.session.network.record();
        for (int i = 0; i < 2; i++) {
            if (inTraces) {
                collective.joined.get(i).work().waitsIn(contextOf(i + 1));
            }
            collective.arriveAtMember(i, value(10, i));
        }
        collective.session.network.runFor(MILLISECONDS.toNanos(1));
        collective.arriveAtCoordinator(value(10, 2));
        collective.session.network.runFor(MILLISECONDS.toNanos(1));
        // Nodes give signs of life meanwhile.
        List<Transmission> ofRound = sent.stream()
                .filter(one -> one.type() != ChunkType.SESSION_JOIN && one.type() != ChunkType.SESSION_WELCOME)
                .toList();
        assertThat(ofRound)
                .extracting(Transmission::type)
                .containsExactly(
                        ChunkType.COLLECTIVE_REACHED, ChunkType.COLLECTIVE_REACHED, ChunkType.COLLECTIVE_RELEASED);
        return ofRound.stream().map(one -> one.bytes().length).toList();
    }

    /** It would take the context for a part of the result. */
    @Test
    void whileANodeOfAnEarlierBuildIsInTheGroupNoReleaseTellsAContext() {
        CollectiveSettings sums = new CollectiveSettings(
                LossPolicy.CONTINUE, "long", "sum", Reduction.of("sum", "long"), false, 1000, SECONDS.toNanos(60));
        byte[] call = sums.call(CollectiveOperation.ALL_REDUCE, 0);
        LoneCoordinator coordinator = new LoneCoordinator();
        ManagedGroup<CollectiveRound> group = coordinator.session.create(CollectiveKind.COLLECTIVE, 3, AUTOMATIC, sums);
        group.work().setCoordinator(new NodeIdentity("coordinator", COORDINATOR, 1));
        group.work().traceBy((round, participants, elapsed, last, contexts) -> onComplete(contexts));
        coordinator.receiveGroupJoin(LoneCoordinator.NODE, 3, GroupType.COLLECTIVE, 40);
        coordinator.receive(LoneCoordinator.NODE, chunk -> ChunkWriter.welcomeAck(chunk, 3, 0, 40));
        coordinator.receive(LoneCoordinator.NODE, chunk -> {
            CollectiveChunks.reached(chunk, 3, 0, -1, 40, 0, 0, true);
            chunk.put(call).putLong(2);
        });
        coordinator.sent();
        group.work().waitsIn(contextOf(OF_COORDINATOR));
        group.work().arrive(call, ByteBuffer.allocate(Long.BYTES).putLong(3).array(), true, coordinator.nowNanos);

        assertThat(group.work().outcome().context()).isEqualTo(contextOf(OF_ROUND));
        assertThat(coordinator.sent())
                .filteredOn(one -> one.type() == ChunkType.COLLECTIVE_RELEASED)
                .singleElement()
                .satisfies(release -> assertThat(release.chunk().lengthBytes())
                        .isEqualTo(CollectiveChunks.HEADER_BYTES + Long.BYTES));
    }

    @Test
    void aCoordinatorOfAnEarlierBuildIsToldOfNoTrace() {
        LoneMember member = new LoneMember();
        member.inSession();
        JoinedGroup<CollectiveArrival> group = member.session.join(CollectiveKind.COLLECTIVE, 3, 0);
        member.sent();
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, 3, 0));
        member.sent();
        group.work().waitsIn(contextOf(1));
        group.work().arrive(new byte[] {1, 0, 0, 0, 0}, new byte[10], true, 0);

        assertThat(member.sent())
                .singleElement()
                .satisfies(
                        reached -> assertThat(reached.lengthBytes()).isEqualTo(CollectiveChunks.HEADER_BYTES + 5 + 10));
    }
}
