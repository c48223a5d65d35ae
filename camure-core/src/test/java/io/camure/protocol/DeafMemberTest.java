package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that hear nothing by multicast, or not always, or not everything. */
class DeafMemberTest {

    /** As fast as when all hear, and the delay of an acknowledgement. */
    private static final long FAST_NANOS = MILLISECONDS.toNanos(3);

    private final DeliverySession delivery = new DeliverySession(GroupDelivery.AUTO);
    private final SimulatedNetwork network = delivery.session.network;

    private void assertFast() {
        assertThat(delivery.medianRoundNanos()).isLessThan(FAST_NANOS);
    }

    private static boolean isRelease(Transmission one) {
        return one.type() == ChunkType.BARRIER_RELEASED;
    }

    @Test
    void aRoundOfMembersThatHearCostsOneDatagramForEachAndOneForAll() {
        delivery.join(3);
        delivery.passRounds(1);
        List<Transmission> sent = network.record();
        delivery.passRounds(100);

        assertThat(sent)
                .filteredOn(DeafMemberTest::isRelease)
                .hasSize(100)
                .allSatisfy(one -> assertThat(one.destination()).isEqualTo(SimulatedNetwork.MULTICAST));
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BARRIER_REACHED)
                .hasSize(300);
        assertThat(delivery.session.coordinator.reach().servedByUnicast()).isZero();
    }

    @Test
    void nothingWaitsForThemToBeFoundOut() {
        network.deafenIf((receiver, bytes) -> true);
        delivery.join(2);
        delivery.passRounds(20);
        delivery.send(100);

        assertThat(delivery.session.coordinator.reach().deaf()).isEmpty();
        assertThat(delivery.longestRoundNanos()).isLessThan(FAST_NANOS);
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void oneOfTwoIsServedByUnicastAndTheOtherByMulticast() {
        delivery.join(2);
        delivery.deafen(0);
        network.runFor(SECONDS.toNanos(10));
        assertThat(delivery.toldHearing(0)).containsExactly(false);
        assertThat(delivery.toldHearing(1)).isEmpty();
        assertThat(delivery.session.coordinator.reach().deaf())
                .containsExactly(delivery.nodes.get(0).identity());
        List<Transmission> sent = network.record();
        delivery.passRounds(100);
        delivery.send(100);

        assertThat(delivery.longestRoundNanos()).isLessThan(FAST_NANOS);
        assertThat(delivery.session.coordinator.counters().retransmissions()).isZero();
        assertThat(sent)
                .filteredOn(one -> isRelease(one) || StreamedBroadcast.isData(one.type()))
                .extracting(Transmission::destination)
                .containsOnly(SimulatedNetwork.MULTICAST, delivery.nodes.get(0).address);
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void oneThatGetsDeafInTheMiddleCostsAFewRoundsOnly() {
        delivery.join(2);
        delivery.passRounds(20);
        delivery.deafen(0);
        delivery.passRounds(100);

        assertFast();
        assertThat(delivery.roundNanos.stream().filter(nanos -> nanos > FAST_NANOS))
                .as("rounds until it is found out")
                .hasSizeLessThanOrEqualTo(3);
        assertThat(delivery.longestRoundNanos()).isLessThan(MILLISECONDS.toNanos(50));
        assertThat(delivery.toldHearing(0)).containsExactly(false);
    }

    @Test
    void aBroadcastGoesOnWhenOneGetsDeaf() {
        delivery.join(3);
        delivery.send(100);
        delivery.deafen(1);
        long tookNanos = delivery.send(500);

        assertThat(tookNanos).isLessThan(SECONDS.toNanos(1));
        assertThat(delivery.toldHearing(1)).containsExactly(false);
        assertThat(delivery.toldHearing(0)).isEmpty();
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void allThatGetDeafAreServed() {
        delivery.join(5);
        delivery.passRounds(10);
        delivery.send(100);
        network.deafenIf((receiver, bytes) -> true);
        delivery.passRounds(100);
        delivery.send(100);

        assertFast();
        assertThat(delivery.session.coordinator.reach().deaf()).hasSize(5);
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void oneThatHearsAgainIsServedByMulticastAgain() {
        delivery.join(2);
        delivery.deafen(0);
        delivery.use(SECONDS.toNanos(10));
        network.deafenIf((receiver, bytes) -> false);
        delivery.use(SECONDS.toNanos(10));

        assertThat(delivery.toldHearing(0)).containsExactly(false, true);
        List<Transmission> sent = network.record();
        delivery.passRounds(10);
        assertThat(sent).filteredOn(DeafMemberTest::isRelease).hasSize(10);
    }

    @Test
    void aDeafMemberIsToldAtAllToHaveItsHostJoinTheGroupAnew() {
        delivery.join(1);
        Session.Node node = delivery.nodes.get(0);
        node.session.outbox().takeEvents();
        network.runFor(SECONDS.toNanos(60));
        assertThat(node.session.outbox().takeEvents()).doesNotContain(new SessionEvent.GroupTrafficMissing());

        delivery.deafen(0);
        network.runFor(SECONDS.toNanos(60));
        assertThat(node.session.outbox().takeEvents())
                .filteredOn(SessionEvent.GroupTrafficMissing.class::isInstance)
                .hasSizeBetween(3, 7);
    }

    @Test
    void halfOfTheDatagramsAreNotEnough() {
        delivery.join(2);
        int[] count = {0};
        network.deafenIf((receiver, bytes) -> delivery.is(0, receiver) && ++count[0] % 2 == 0);
        delivery.use(SECONDS.toNanos(60));

        assertFast();
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void whoLosesLargeDatagramsIsDeaf() {
        delivery.join(2);
        network.deafenIf((receiver, bytes) -> delivery.is(0, receiver) && bytes.length > 200);
        network.runFor(SECONDS.toNanos(10));

        assertThat(delivery.toldHearing(0)).containsExactly(false);
        assertThat(delivery.send(200)).isLessThan(MILLISECONDS.toNanos(100));
    }

    /** @param deaf how many of three members it concerns */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void multicastThatComesAndGoesIsLeftAlone(int deaf) {
        delivery.join(3);
        network.deafenIf((receiver, bytes) -> IntStream.range(0, deaf).anyMatch(member -> delivery.is(member, receiver))
                && network.nowNanos() / SECONDS.toNanos(5) % 2 == 1);
        delivery.use(SECONDS.toNanos(60));

        assertFast();
        assertThat(delivery.longestRoundNanos()).isLessThan(MILLISECONDS.toNanos(100));
        assertThat(delivery.toldHearing(0)).hasSizeBetween(1, 5);
        delivery.assertNobodyWasSlowOrLost();
    }

    /** A switch without a querier forgets who listens, mostly everybody at a time. */
    @Test
    void multicastThatEndsLaterIsNotMissed() {
        delivery.join(3);
        delivery.use(SECONDS.toNanos(20));
        network.deafenIf((receiver, bytes) -> true);
        delivery.use(SECONDS.toNanos(20));

        assertFast();
        assertThat(delivery.session.coordinator.reach().deaf()).hasSize(3);
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void aLegacyMemberThatIsDeafIsServedByUnicast() {
        delivery.join(1);
        LegacyMember legacy = new LegacyMember(Session.COORDINATOR, 0, 1, new LegacyMember.Application() {});
        InetSocketAddress address = LegacyMember.ADDRESS;
        network.add(address, legacy);
        network.receiveMulticast(address);
        network.deafenIf((receiver, bytes) -> receiver.equals(address));
        legacy.join(network.nowNanos());
        network.runUntil(network.nowNanos() + SECONDS.toNanos(10), legacy::isIn);
        for (int i = 0; i < 50; i++) {
            legacy.arrive(network.nowNanos());
            delivery.passRounds(1);
            network.runUntil(network.nowNanos() + SECONDS.toNanos(10), () -> !legacy.isWaiting());
        }
        delivery.send(100);
        delivery.session.settle();

        assertFast();
        assertThat(delivery.broadcast.work().window().isDrained()).isTrue();
        assertThat(delivery.session.coordinator.reach().deaf()).hasSize(1);
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void aLegacyMemberThatIsDeafGetsABroadcast() {
        InetSocketAddress address = LegacyMember.ADDRESS;
        network.deafenIf((receiver, bytes) -> receiver.equals(address));
        LegacyMember legacy = LegacyMember.joining(delivery.session, 1);
        network.runUntil(network.nowNanos() + SECONDS.toNanos(10), legacy::isIn);
        delivery.send(20);
        delivery.session.settle();
        long startNanos = network.nowNanos();
        delivery.send(100);
        network.runUntil(
                startNanos + SECONDS.toNanos(10), delivery.broadcast.work().window()::isDrained);

        assertThat(delivery.broadcast.work().window().isDrained()).isTrue();
        assertThat(network.nowNanos() - startNanos).isLessThan(MILLISECONDS.toNanos(500));
        assertThat(delivery.session.coordinator.reach().deaf()).hasSize(1);
        delivery.assertNobodyWasSlowOrLost();
    }

    /** Of the full length, since some networks lose only long datagrams. */
    @Test
    void aSessionIsProbedEverySecondHeartbeat() {
        delivery.join(2);
        List<Transmission> sent = network.record();
        network.runFor(SECONDS.toNanos(20));

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.MULTICAST_PROBE)
                .hasSize(10)
                .allSatisfy(one -> {
                    assertThat(one.destination()).isEqualTo(SimulatedNetwork.MULTICAST);
                    assertThat(one.bytes()).hasSize(Session.CHUNK_BYTES);
                });
        assertThat(sent).filteredOn(one -> one.type() == ChunkType.SESSION_JOIN).hasSizeLessThanOrEqualTo(42);
    }

    @Test
    void aSessionOfLegacyMembersIsNotProbed() {
        List<Transmission> sent = network.record();
        LegacyMember legacy = LegacyMember.joining(delivery.session, 1);
        network.runFor(SECONDS.toNanos(20));

        assertThat(legacy.isIn()).isTrue();
        assertThat(sent).noneMatch(one -> one.type() == ChunkType.MULTICAST_PROBE);
    }
}
