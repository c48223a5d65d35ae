package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.security.Secret;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sealed session all of whose processes are stopped for longer than keys are kept of who says nothing. */
class StoppedSessionTest {

    private final Session session = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[32])));
    private final ManagedGroup<BroadcastSending> broadcast =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);

    @Test
    void keepsItsKeysAndIsToldTheNext() {
        List<Session.Node> nodes = List.of(session.member(), session.member());
        List<JoinedGroup<BroadcastReceiving>> streams =
                nodes.stream().map(node -> node.joinBroadcast(1)).toList();
        session.settle();
        session.network.pause(COORDINATOR);
        nodes.forEach(node -> session.network.pause(node.address));
        session.network.runFor(SECONDS.toNanos(60));
        session.network.resume(COORDINATOR);
        nodes.forEach(node -> session.network.resume(node.address));
        session.settle();
        streams.get(1).leave(session.now());
        session.settle();
        Session.write(broadcast, 7, session.now());
        session.settle();

        assertThat(session.coordinator.counters().keyChanges()).isOne();
        assertThat(session.coordinator.counters().handshakes(HandshakeOutcome.COMPLETED))
                .isEqualTo(2);
        assertThat(nodes.get(0).session.counters().dropped(DropReason.UNKNOWN_KEY))
                .isZero();
        assertThat(Session.read(streams.get(0))).containsExactly(7);
    }
}
