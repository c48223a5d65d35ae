package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a coordinator makes of each arrival at a barrier, and to whom it tells the end of a round again. */
class BarrierAtCoordinatorTest {

    private static final int BARRIER = 3;
    private static final int MEMBERSHIP = 40;
    private static final InetSocketAddress LEGACY = new InetSocketAddress("10.0.0.3", 20000);
    private static final long ROUND_TRIP_NANOS = MILLISECONDS.toNanos(10);

    private final LoneCoordinator coordinator = new LoneCoordinator();
    private ManagedGroup<BarrierRound> group = create(AUTOMATIC);
    private BarrierRound barrier = group.work();

    private ManagedGroup<BarrierRound> create(Admission admission) {
        return coordinator.session.create(BarrierKind.BARRIER, BARRIER, admission, LossPolicy.CONTINUE);
    }

    private void recreate(Admission admission) {
        coordinator.session.removeGroup(group);
        group = create(admission);
        barrier = group.work();
    }

    private static InetSocketAddress node(int number) {
        return new InetSocketAddress("10.0.0.2", 10000 + number);
    }

    private void join(int members) {
        for (int i = 0; i < members; i++) {
            coordinator.receiveGroupJoin(node(i), BARRIER, GroupType.BARRIER, MEMBERSHIP);
        }
        coordinator.nowNanos += ROUND_TRIP_NANOS;
        for (int i = 0; i < members; i++) {
            long round = barrier.nextSequence();
            coordinator.receive(node(i), chunk -> ChunkWriter.welcomeAck(chunk, BARRIER, round, MEMBERSHIP));
        }
        assertThat(group.memberCount()).isEqualTo(members);
        coordinator.sent();
    }

    private void joinLegacy() {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.groupJoin(chunk, BARRIER, GroupType.BARRIER));
        acknowledgeAsLegacy(barrier.nextSequence());
        coordinator.sent();
    }

    private void acknowledgeAsLegacy(long round) {
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, BARRIER, round));
    }

    private void reach(int member, long round) {
        coordinator.receive(node(member), chunk -> ChunkWriter.barrierReached(chunk, BARRIER, round, -1, MEMBERSHIP));
    }

    private void acknowledgeEnd(int member, long round) {
        coordinator.receive(
                node(member),
                chunk -> ChunkWriter.ack(chunk, BARRIER, round, ChunkType.BARRIER_RELEASED, 0, MEMBERSHIP));
    }

    private void arrive() {
        barrier.arrive(coordinator.nowNanos);
    }

    private List<ChunkType> sentTypes() {
        return coordinator.sent().stream().map(Sent::type).toList();
    }

    @Test
    void aRoundEndsWithTheLastOfAllAndIsToldToAllAtOnce() {
        join(2);
        assertThat(barrier.hasCoordinatorArrived()).isFalse();
        arrive();
        assertThat(barrier.hasCoordinatorArrived()).isTrue();
        reach(0, 0);
        assertThat(barrier.arrivedMembers()).extracting(NodeIdentity::address).containsExactly(node(0));
        assertThat(barrier.missingMembers()).extracting(NodeIdentity::address).containsExactly(node(1));
        assertThat(coordinator.sent()).isEmpty();
        reach(1, 0);

        assertThat(coordinator.sent()).singleElement().satisfies(release -> {
            assertThat(release.destination()).isEqualTo(SimulatedNetwork.MULTICAST);
            assertThat(release.type()).isEqualTo(ChunkType.BARRIER_RELEASED);
            assertThat(release.chunk().sequence()).isZero();
            assertThat(release.chunk().participants()).isEqualTo(3);
            assertThat(release.chunk().epoch()).isEqualTo(Integer.toUnsignedLong(group.epoch()));
        });
        assertThat(barrier.hasCoordinatorArrived()).isFalse();
        assertThat(barrier.nextSequence()).isOne();
    }

    @Test
    void anArrivalThatNoReleaseFollowsIsAcknowledgedByItselfAndRepeatedOnesAtOnce() {
        join(2);
        reach(0, 0);
        assertThat(coordinator.sent()).isEmpty();
        assertThat(barrier.nextDeadlineNanos() - coordinator.nowNanos).isEqualTo(BarrierRound.ACK_DELAY_NANOS);
        assertThat(coordinator.passDeadline()).singleElement().satisfies(ack -> {
            assertThat(ack.destination()).isEqualTo(node(0));
            assertThat(ack.chunk().delayMicros()).isEqualTo(2000);
            assertThat(ack.chunk().membership()).isEqualTo(MEMBERSHIP);
        });
        reach(0, 0);

        assertThat(coordinator.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.destination()).isEqualTo(node(0));
            assertThat(ack.chunk().delayMicros()).isZero();
        });
        assertThat(barrier.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoArrivesAtTheRoundBeforeIsToldItsEndAgainByItself() {
        join(2);
        arrive();
        reach(0, 0);
        reach(1, 0);
        coordinator.sent();
        reach(1, 0);

        assertThat(coordinator.sent()).singleElement().satisfies(release -> {
            assertThat(release.destination()).isEqualTo(node(1));
            assertThat(release.type()).isEqualTo(ChunkType.BARRIER_RELEASED);
            assertThat(release.chunk().lastArrived())
                    .as("it answers no arrival")
                    .isZero();
        });
        assertThat(coordinator.session.counters().retransmissions()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {-2, -1, 1, 2})
    void anArrivalAtAnyOtherRoundIsDropped(long round) {
        join(1);
        arrive();
        reach(0, 0);
        acknowledgeEnd(0, 0);
        coordinator.sent();
        reach(0, 1 + round);

        if (round == -1) {
            assertThat(sentTypes()).containsExactly(ChunkType.BARRIER_RELEASED);
        } else {
            assertThat(coordinator.sent()).isEmpty();
            assertThat(coordinator.dropped(DropReason.OUT_OF_WINDOW)).isOne();
        }
        assertThat(barrier.arrivedMembers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void theEndOfARoundIsRepeatedToEachOfThreeAndToAllWhenMoreLackIt(int members) {
        join(members);
        arrive();
        for (int i = 0; i < members; i++) {
            reach(i, 0);
        }
        coordinator.sent();
        long toldNanos = coordinator.nowNanos;
        List<Sent> repeated = coordinator.passDeadline();

        assertThat(coordinator.nowNanos - toldNanos).isGreaterThan(BarrierRound.ACK_DELAY_NANOS);
        assertThat(repeated).extracting(Sent::type).containsOnly(ChunkType.BARRIER_RELEASED);
        if (members == 3) {
            assertThat(repeated).extracting(Sent::destination).containsExactly(node(0), node(1), node(2));
        } else {
            assertThat(repeated).extracting(Sent::destination).containsExactly(SimulatedNetwork.MULTICAST);
        }
        assertThat(coordinator.session.counters().retransmissions()).isEqualTo(repeated.size());
        assertThat(group.isDrained()).isFalse();
        for (int i = 0; i < members; i++) {
            acknowledgeEnd(i, 0);
        }
        assertThat(group.isDrained()).isTrue();
        assertThat(coordinator.passDeadline()).isEmpty();
        assertThat(barrier.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAcknowledgementOfAnotherRoundDoesNotTellThatTheLastOneIsKnown() {
        join(1);
        arrive();
        reach(0, 0);
        acknowledgeEnd(0, 1);
        acknowledgeEnd(0, -1);

        assertThat(group.isDrained()).isFalse();
    }

    @Test
    void aLegacyMemberIsAnsweredAtOnceInTheWordsThatItKnows() {
        join(1);
        joinLegacy();
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_REACHED, BARRIER, 0));

        assertThat(coordinator.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.destination()).isEqualTo(LEGACY);
            assertThat(ack.type()).isEqualTo(ChunkType.GROUP_ACK);
            assertThat(ack.chunk().payloadBytes()).isZero();
        });
    }

    @Test
    void theSecondAcknowledgementOfALegacyMemberIsThatOfTheReleaseWithTheWelcomesNumber() {
        joinLegacy();
        arrive();
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_REACHED, BARRIER, 0));
        assertThat(sentTypes()).containsExactly(ChunkType.BARRIER_RELEASED);
        assertThat(group.isDrained()).isFalse();
        acknowledgeAsLegacy(0);

        assertThat(group.isDrained()).isTrue();
    }

    @Test
    void aLegacyMemberIsEvictedFromABrokenRoundOfWhichItCanNotBeTold() {
        join(1);
        joinLegacy();
        arrive();
        coordinator.session.outbox().takeEvents();
        barrier.reset(coordinator.nowNanos);

        assertThat(coordinator.sent())
                .filteredOn(one -> one.type() == ChunkType.GROUP_DISCONNECTED)
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.destination()).isEqualTo(LEGACY);
                    assertThat(told.chunk().reason()).isEqualTo(DisconnectReason.BROKEN_ROUND);
                });
        assertThat(coordinator.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.MemberLeft(BARRIER, NodeIdentity.at(LEGACY), Departure.EVICTED));
        assertThat(group.memberCount()).isOne();
        assertThat(barrier.outcome().broken().nodes())
                .extracting(NodeIdentity::address)
                .containsExactly(node(0), LEGACY);
    }

    @Test
    void aRoundIsNotBrokenBeforeAllKnowTheOneBeforeAndNobodyIsAdmittedUntilThen() {
        join(1);
        arrive();
        reach(0, 0);
        arrive();
        barrier.reset(coordinator.nowNanos);
        coordinator.sent();
        coordinator.receiveGroupJoin(node(7), BARRIER, GroupType.BARRIER, MEMBERSHIP);
        assertThat(group.hasWaiting()).isTrue();
        assertThat(barrier.outcome().round()).isZero();
        acknowledgeEnd(0, 0);

        assertThat(barrier.outcome().round()).isOne();
        assertThat(barrier.outcome().broken()).isNotNull();
        assertThat(sentTypes())
                .containsExactly(ChunkType.GROUP_PENDING, ChunkType.BARRIER_BROKEN, ChunkType.GROUP_WELCOME);
    }

    @Test
    void theFirstRoundWaitsForAllThatAreExpectedAndLaterOnesDoNot() {
        recreate(new Admission(true, 2));
        join(1);
        arrive();
        reach(0, 0);
        assertThat(group.isFormed()).isFalse();
        assertThat(sentTypes()).isEmpty();
        join(2);
        assertThat(group.isFormed()).isTrue();
        reach(1, 0);
        assertThat(sentTypes()).contains(ChunkType.BARRIER_RELEASED);
        coordinator.receive(node(1), chunk -> ChunkWriter.groupLeave(chunk, BARRIER, MEMBERSHIP));
        coordinator.sent();
        arrive();
        reach(0, 1);

        assertThat(group.isFormed()).isTrue();
        assertThat(sentTypes()).containsExactly(ChunkType.BARRIER_RELEASED);
    }

    @Test
    void noRoundEndsOnceTheGroupIsToEnd() {
        join(1);
        group.stop();
        arrive();
        reach(0, 0);

        assertThat(coordinator.sent()).isEmpty();
        assertThat(barrier.outcome().round()).isEqualTo(-1);
    }

    @Test
    void noMoreThanAThousandAndSomeLostMembersAreNamed() {
        for (int wave = 0; wave < 11; wave++) {
            for (int i = 0; i < 99; i++) {
                InetSocketAddress address = new InetSocketAddress("10.0.1." + wave, 1000 + i);
                coordinator.receiveGroupJoin(address, BARRIER, GroupType.BARRIER, MEMBERSHIP);
                coordinator.receive(address, chunk -> ChunkWriter.welcomeAck(chunk, BARRIER, 0, MEMBERSHIP));
            }
            coordinator.sent();
            coordinator.nowNanos = coordinator.session.nextDeadlineNanos();
            while (coordinator.session.peerCount() > 0) {
                coordinator.passDeadline();
            }
        }
        coordinator.receiveGroupJoin(NODE, BARRIER, GroupType.BARRIER, MEMBERSHIP);
        coordinator.receive(NODE, chunk -> ChunkWriter.welcomeAck(chunk, BARRIER, 0, MEMBERSHIP));
        arrive();
        reach(0, 0);

        assertThat(barrier.outcome().round()).isZero();
        assertThat(barrier.outcome().lostMembers()).hasSize(1024);
    }
}
