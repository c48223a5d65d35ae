package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What else happens while it is found out how long datagrams to a member may be. */
class PathSearchTest {

    private static final int ETHERNET = 1472;

    private DeliverySession delivery;
    private SimulatedNetwork network;

    private void start(GroupDelivery mode) {
        delivery = new DeliverySession(new Session(mode, PathSizes.upTo(ETHERNET, ETHERNET)));
        delivery.session.interfaceBytes = ETHERNET;
        network = delivery.session.network;
    }

    private List<SessionEvent> told() {
        return delivery.session.coordinator.outbox().takeEvents();
    }

    @Test
    void isNotGivenUpBecauseOthersComeMeanwhile() {
        start(GroupDelivery.UNICAST);
        Session.Node first = delivery.session.member();
        network.runFor(MILLISECONDS.toNanos(50));
        // Its answers get lost for a while.
        network.dropIf((source, destination, chunk) -> destination.equals(first.address) && chunk.lengthBytes() > 1300
                || source.equals(first.address) && chunk.type() == ChunkType.SESSION_JOIN);
        for (int i = 0; i < 25; i++) {
            delivery.session.member();
            network.runFor(MILLISECONDS.toNanos(20));
        }
        network.dropIf((source, destination, chunk) -> destination.equals(first.address) && chunk.lengthBytes() > 1300);
        network.runFor(SECONDS.toNanos(5));

        assertThat(told())
                .filteredOn(SessionEvent.PathChanged.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    SessionEvent.PathChanged changed = (SessionEvent.PathChanged) event;
                    assertThat(changed.member().address()).isEqualTo(first.address);
                    assertThat(changed.bytes()).isEqualTo(1292);
                });
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 5", "AUTO, 100", "MULTICAST, 5", "MULTICAST, 250", "UNICAST, 5", "UNICAST, 20"})
    void nobodyIsEvictedForAPathThatHasBecomeSmaller(GroupDelivery mode, int patienceMillis) {
        start(mode);
        delivery.join(2);
        ManagedGroup<BroadcastSending> group = delivery.session.coordinator.create(
                BroadcastKind.BROADCAST,
                2,
                Session.AUTOMATIC,
                new SlowMemberPolicy(MILLISECONDS.toNanos(patienceMillis), true));
        List<JoinedGroup<BroadcastReceiving>> streams =
                delivery.nodes.stream().map(node -> node.joinBroadcast(2)).toList();
        network.runFor(SECONDS.toNanos(3));
        told();
        network.dropIf((source, destination, chunk) -> delivery.is(1, destination) && chunk.lengthBytes() > 1300);
        SendWindow window = group.work().window();
        window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(window.payloadBytes()), network.nowNanos());
        network.runFor(SECONDS.toNanos(10));

        assertThat(told()).singleElement().isInstanceOf(SessionEvent.PathChanged.class);
        assertThat(streams)
                .allSatisfy(
                        stream -> assertThat(stream.work().window().nextType()).isNotNull());
    }
}
