package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session where nothing goes by multicast. */
class UnicastDeliveryTest {

    private final DeliverySession delivery = new DeliverySession(GroupDelivery.UNICAST);
    private final List<Transmission> sent = delivery.session.network.record();

    @Test
    void nothingGoesToTheGroupAndEverythingArrives() {
        delivery.session.network.deafenIf((receiver, bytes) -> true);
        delivery.join(3);
        delivery.passRounds(20);
        delivery.send(200);
        delivery.session.network.runFor(SECONDS.toNanos(30));
        delivery.send(200);

        assertThat(sent).noneMatch(one -> one.destination().equals(SimulatedNetwork.MULTICAST));
        assertThat(delivery.longestRoundNanos()).isLessThan(MILLISECONDS.toNanos(5));
        assertThat(delivery.session.coordinator.counters().retransmissions()).isZero();
        assertThat(delivery.session.coordinator.reach().servedByUnicast()).isEqualTo(3);
        assertThat(delivery.session.coordinator.reach().deaf()).isEmpty();
        delivery.assertNobodyWasSlowOrLost();
    }

    @Test
    void eachMemberGetsARelease() {
        delivery.join(3);
        delivery.passRounds(1);
        sent.clear();
        delivery.passRounds(50);

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BARRIER_RELEASED)
                .hasSize(150);
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.BARRIER_REACHED)
                .hasSize(150);
    }

    /** Chunks for one member are not interrupted by those for another. */
    @Test
    void whatIsWrittenTogetherLeavesAsARunForEach() {
        delivery.join(2);
        delivery.send(20);
        sent.clear();
        for (int i = 0; i < 10; i++) {
            Session.write(delivery.broadcast, delivery.written++, delivery.session.now());
        }
        delivery.session.network.runFor(MILLISECONDS.toNanos(1));

        List<Object> destinations = sent.stream()
                .filter(one -> StreamedBroadcast.isData(one.type()))
                .map(one -> (Object) one.destination())
                .toList();
        long turns = 1;
        for (int i = 1; i < destinations.size(); i++) {
            turns += destinations.get(i).equals(destinations.get(i - 1)) ? 0 : 1;
        }
        assertThat(destinations).hasSize(20);
        // The first one leaves at once, the others together.
        assertThat(turns).isLessThanOrEqualTo(4);
    }

    @Test
    void aMemberIsToldThatItNeedsNoMulticastAddress() {
        Session.Node node = delivery.session.member();

        assertThat(node.session.outbox().takeEvents()).contains(new SessionEvent.SessionJoined(null, 0));
    }

    @Test
    void aLostChunkIsRepairedByUnicast() {
        delivery.join(3);
        delivery.send(5);
        int[] left = {2};
        delivery.session.network.dropIf((source, destination, chunk) ->
                StreamedBroadcast.isData(chunk.type()) && delivery.is(1, destination) && left[0]-- > 0);
        long tookNanos = delivery.send(50);

        assertThat(tookNanos).isLessThan(MILLISECONDS.toNanos(20));
        assertThat(sent).noneMatch(one -> one.destination().equals(SimulatedNetwork.MULTICAST));
    }
}
