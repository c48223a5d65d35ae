package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Secret;
import io.camure.wire.GroupDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results in a sealed session, whose releases have a code for each member: these count where it is judged what gets to all. */
class CodedResultTest {

    private static final int ETHERNET = 1472;
    private static final int NARROW = 600;

    /** Without the codes, some of these results would fit into a release that gets to the narrow node, and with them not. */
    @Test
    void whatGoesToAllIsNoLongerThanTheShortestPath() {
        Session session = new Session(
                GroupDelivery.MULTICAST,
                PathSizes.upTo(ETHERNET, ETHERNET),
                List.of(new Secret(new byte[Secret.SHORTEST_BYTES])));
        session.interfaceBytes = NARROW;
        LongValueSession collective = new LongValueSession(session, LossPolicy.CONTINUE, LongValueSession.MEBIBYTE, 3);
        session.network.deafenIf((receiver, datagram) -> datagram.length > NARROW);
        session.network.runFor(SECONDS.toNanos(2));
        long repeated = session.coordinator.counters().retransmissions();
        int round = 0;
        for (int length = 100; length < 160; length++) {
            List<Transmission> sent = session.network.record();
            collective.gather(round++, length);

            assertThat(sent)
                    .as("with values of %d bytes", length)
                    .filteredOn(one -> one.destination().equals(SimulatedNetwork.MULTICAST))
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.bytes().length).isLessThanOrEqualTo(NARROW));
        }
        assertThat(session.coordinator.counters().retransmissions()).isEqualTo(repeated);
    }

    /** Their codes alone are longer than what gets to the narrow nodes. */
    @Test
    void nothingGetsToAllWhereCodesLeaveNoRoom() {
        Session session = new Session(
                GroupDelivery.MULTICAST,
                PathSizes.upTo(ETHERNET, ETHERNET),
                List.of(new Secret(new byte[Secret.SHORTEST_BYTES])));
        session.interfaceBytes = PathSizes.LEAST_BYTES;
        LongValueSession collective = new LongValueSession(session, LossPolicy.CONTINUE, LongValueSession.MEBIBYTE, 60);
        session.network.deafenIf((receiver, datagram) -> datagram.length > PathSizes.LEAST_BYTES);
        session.network.runFor(SECONDS.toNanos(2));

        for (int round = 0; round < 4; round++) {
            collective.broadcast(round, new byte[100 * round]);
            assertThat(collective.haveAll(round)).as("round %d", round).isTrue();
        }
    }
}
