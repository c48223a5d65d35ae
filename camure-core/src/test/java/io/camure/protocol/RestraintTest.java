package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases in which camure 0.1.1 sends far more than is needed, or keeps far more than it should. */
class RestraintTest {

    private static final byte[] SESSION_JOIN = {0};

    private static long repetitions(Session session) {
        return session.coordinator.counters().retransmissions();
    }

    @Test
    void aSlowStreamWithoutLossIsSentOnce() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        List<JoinedGroup<BroadcastReceiving>> received =
                List.of(session.member().joinBroadcast(1), session.member().joinBroadcast(1));
        session.settle();
        long before = repetitions(session);
        for (int i = 0; i < 100; i++) {
            Session.write(group, i, session.now());
            session.network.runFor(MILLISECONDS.toNanos(50));
        }

        assertThat(received)
                .allSatisfy(member -> assertThat(Session.read(member)).hasSize(100));
        assertThat(repetitions(session)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 50, 100})
    void aLongPathWithoutLossCostsNoMoreThanAFewRepetitions(long oneWayMillis) {
        Session session = new Session(new Faults(0, 0, MILLISECONDS.toNanos(oneWayMillis), 0), 64);
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        long before = repetitions(session);
        int written = 0;
        int read = 0;
        while (read < 2000) {
            while (written < 2000 && group.work().window().room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.network.runFor(MILLISECONDS.toNanos(1));
            read += Session.read(received).size();
            assertThat(session.now()).isLessThan(SECONDS.toNanos(120));
        }

        assertThat(repetitions(session) - before).isLessThanOrEqualTo(2000 / 20);
    }

    @Test
    void aLossDoesNotHoldARoundUpForMuchLongerThanARoundTrip() {
        Session session = new Session(Faults.NONE, 64);
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> joined = session.member().joinBarrier(0);
        session.settle();
        session.network.setFaults(new Faults(0.01, 0, 50_000, 0));
        long longestNanos = 0;
        for (int i = 0; i < 2000; i++) {
            long startNanos = session.now();
            long round = group.work().arrive(startNanos);
            joined.work().arrive(startNanos);
            session.network.runUntil(
                    startNanos + SECONDS.toNanos(1),
                    () -> joined.work().outcome().round() == round
                            && group.work().outcome().round() == round);
            assertThat(joined.work().outcome().round()).isEqualTo(round);
            longestNanos = Math.max(longestNanos, session.now() - startNanos);
        }

        assertThat(session.network.lost()).isPositive();
        assertThat(longestNanos).as("two losses in a row included").isLessThan(MILLISECONDS.toNanos(60));
    }

    @Test
    void aPathThatLosesAFifthBothWaysIsSlowAndNotDead() {
        Session session = new Session(Faults.NONE, 512);
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        List<JoinedGroup<BroadcastReceiving>> receivers =
                List.of(session.member().joinBroadcast(1), session.member().joinBroadcast(1));
        session.settle();
        session.network.setFaults(new Faults(0.2, 0, 50_000, 0));
        long startNanos = session.now();
        int written = 0;
        int read = 0;
        while (read < 2 * 2000) {
            while (written < 2000 && group.work().window().room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.network.runFor(MILLISECONDS.toNanos(1));
            read += receivers.stream()
                    .mapToInt(receiver -> Session.read(receiver).size())
                    .sum();
            assertThat(session.now() - startNanos).isLessThan(SECONDS.toNanos(4));
        }
    }

    @Test
    @Tag("long")
    void strangersTakeNoMorePlacesThanThereAreAndGiveThemBack() {
        Session session = new Session();
        for (int i = 0; i < 200_000; i++) {
            InetSocketAddress stranger =
                    new InetSocketAddress("10.9." + (i >> 16) + "." + (i >> 8 & 0xFF), 1 + (i & 0xFF));
            session.coordinator.onDatagram(stranger, ByteBuffer.wrap(SESSION_JOIN), session.now());
            session.coordinator.outbox().transmit((datagrams, bytes, destination) -> {});
        }

        assertThat(session.coordinator.peerCount()).isEqualTo(1000);
        assertThat(session.coordinator.counters().dropped(DropReason.SESSION_FULL))
                .isEqualTo(199_000);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));
        assertThat(session.coordinator.peerCount()).isZero();
    }

    @Test
    void aDatagramOfAStrangerNowAndThenDoesNotKeepAMemberFromShowingThatItLives() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        InetSocketAddress stranger = new InetSocketAddress("10.9.0.1", 9);
        for (int i = 0; i < 100; i++) {
            member.session.onDatagram(stranger, ByteBuffer.wrap(new byte[] {1}), session.now());
            session.network.runFor(MILLISECONDS.toNanos(500));
        }

        assertThat(group.memberCount()).isOne();
        assertThat(member.session.loss()).isNull();
    }

    @Test
    void acknowledgementsOfAStrangerDoNotKeepADeadMemberIn() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        session.network.kill(member.address);
        InetSocketAddress stranger = new InetSocketAddress("10.9.0.1", 9);
        byte[] acknowledgement = {12, 0, 0, 0, 0};
        for (int i = 0; i < 100; i++) {
            session.coordinator.onDatagram(stranger, ByteBuffer.wrap(acknowledgement), session.now());
            session.network.runFor(MILLISECONDS.toNanos(100));
        }

        assertThat(group.memberCount()).isZero();
    }

    @Test
    void whatAStrangerSendsToAMemberIsNotAnswered() {
        Session session = new Session();
        session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node member = session.member();
        member.joinBarrier(0);
        session.settle();
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        InetSocketAddress stranger = new InetSocketAddress("10.9.0.1", 9);
        for (int id = 0; id < 64; id++) {
            byte[] datagram = new byte[40];
            datagram[0] = (byte) id;
            member.session.onDatagram(stranger, ByteBuffer.wrap(datagram), session.now());
        }
        session.network.runFor(MILLISECONDS.toNanos(10));

        assertThat(sent).noneMatch(one -> one.destination().equals(stranger));
    }
}
