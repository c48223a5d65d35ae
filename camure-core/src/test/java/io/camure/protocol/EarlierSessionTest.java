package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A session that is started on the addresses of one before has nothing in common with it, where camure 0.1.1 mixes them up. */
class EarlierSessionTest {

    @Test
    void aReceiverOfAnEarlierSessionTakesNothingFromTheOneThatIsStartedOnItsAddresses() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> before =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        IntStream.range(0, 15).forEach(i -> {
            Session.write(before, i, session.now());
            session.network.runFor(MILLISECONDS.toNanos(10));
        });
        assertThat(Session.read(received)).hasSize(15);

        ManagedGroup<BroadcastSending> after =
                session.startCoordinator(2).create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> receivedAfter = session.member().joinBroadcast(1);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), () -> after.memberCount() == 1);
        List<Integer> messagesAfter = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Session.write(after, 1000 + i, session.now());
            session.network.runFor(MILLISECONDS.toNanos(10));
            messagesAfter.addAll(Session.read(receivedAfter));
        }

        assertThat(Session.read(received)).isEmpty();
        assertThat(messagesAfter).hasSize(100);
    }

    @Test
    void aFullWindowOfANewSessionArrivesBeforeAReceiverOfTheEarlierOneCanBeToldThatItIsOut() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> before =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        Session.write(before, 0, session.now());
        session.settle();
        assertThat(Session.read(received)).hasSize(1);

        ManagedGroup<BroadcastSending> after =
                session.startCoordinator(2).create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        IntStream.range(0, 10).forEach(i -> Session.write(after, i, session.now()));
        session.settle();

        assertThat(Session.read(received)).isEmpty();
    }

    @Test
    void aMemberThatHasArrivedIsNotReleasedByARoundOfALaterSession() {
        Session session = new Session();
        session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> waiting = session.member().joinBarrier(0);
        session.settle();
        waiting.work().arrive(session.now());
        session.settle();

        // The new session gets to its first round while the member of the earlier one says nothing.
        ManagedGroup<BarrierRound> after =
                session.startCoordinator(2).create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> other = session.member().joinBarrier(0);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), () -> after.memberCount() == 1);
        other.work().arrive(session.now());
        after.work().arrive(session.now());
        session.network.runUntil(
                session.now() + SECONDS.toNanos(10),
                () -> other.work().outcome().round() == 0);
        session.settle();

        assertThat(after.work().outcome().round()).isZero();
        assertThat(waiting.work().outcome().round()).isEqualTo(-1);
        assertThat(waiting.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @Test
    void aMemberWaitingAtABarrierOfAnEarlierSessionIsToldThatItIsOutBeforeTheNewOneGetsThere() {
        Session session = new Session();
        ManagedGroup<BarrierRound> before =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> waiting = session.member().joinBarrier(0);
        session.settle();
        for (int i = 0; i < 3; i++) {
            before.work().arrive(session.now());
            waiting.work().arrive(session.now());
            session.settle();
        }
        waiting.work().arrive(session.now());

        session.startCoordinator(2).create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        session.settle();

        assertThat(waiting.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(waiting.disconnection())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(waiting.work().outcome().round()).isEqualTo(2);
    }
}
