package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
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

/** A session of hardened nodes only, with a member in a barrier and a broadcast, that is to go on whatever a {@link Stranger} does. */
final class DisturbedSession {

    final Session session = Session.ofHardenedNodes();
    final Stranger stranger = new Stranger(session);
    final ManagedGroup<BarrierRound> barrier =
            session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
    final ManagedGroup<BroadcastSending> broadcast =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    final Session.Node node = session.member();
    final JoinedGroup<BarrierArrival> arrival = node.joinBarrier(0);
    final JoinedGroup<BroadcastReceiving> received = node.joinBroadcast(1);
    int messages;

    DisturbedSession() {
        session.settle();
        requireThatAllGoesOn();
        session.coordinator.outbox().takeEvents();
    }

    /** A round is passed, and a message arrives. */
    void requireThatAllGoesOn() {
        long round = barrier.work().outcome().round() + 1;
        arrival.work().arrive(session.now());
        barrier.work().arrive(session.now());
        Session.write(broadcast, messages, session.now());
        session.network.runUntil(
                session.now() + MILLISECONDS.toNanos(500),
                () -> arrival.work().outcome().round() == round && broadcast.isDrained());

        assertThat(node.session.loss()).isNull();
        assertThat(barrier.work().outcome().round()).isEqualTo(round);
        assertThat(arrival.work().outcome().round()).isEqualTo(round);
        assertThat(Session.read(received)).containsExactly(messages++);
        assertThat(barrier.memberCount()).isOne();
        assertThat(broadcast.memberCount()).isOne();
    }
}
