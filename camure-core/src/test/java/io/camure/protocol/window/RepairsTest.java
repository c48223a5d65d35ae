package io.camure.protocol.window;

import static io.camure.protocol.window.Repairs.Way.MULTICAST;
import static io.camure.protocol.window.Repairs.Way.NOT;
import static io.camure.protocol.window.Repairs.Way.UNICAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.wire.ChunkHeader;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Nobody gets a chunk twice within a round trip, and many get it at once. */
class RepairsTest {

    private static final long ROUND_TRIP_NANOS = 1000;

    private final Repairs repairs = new Repairs(64);
    private final Receiver first = receiver(1);
    private final Receiver second = receiver(2);
    private final Receiver third = receiver(3);
    private final Receiver fourth = receiver(4);

    private static Receiver receiver(int id) {
        return new Receiver(
                NodeIdentity.at(new InetSocketAddress("10.0.0.2", id)),
                new Receiver.Traits(true, ChunkHeader.TAGGED, true, 64, 0),
                new Receiver.Reachability(
                        new Hearing(GroupDelivery.MULTICAST, true, 0), new Path(PathSizes.given(508), true, 0, 0)),
                0,
                0);
    }

    private Repairs.Way decide(Receiver receiver, long nowNanos) {
        return repairs.decide(7, receiver, true, ROUND_TRIP_NANOS, nowNanos);
    }

    private Repairs.Way decideWithoutMulticast(Receiver receiver, long nowNanos) {
        return repairs.decide(7, receiver, false, ROUND_TRIP_NANOS, nowNanos);
    }

    @Test
    void twoAreServedEachForItselfAndTheThirdWithAll() {
        assertThat(decide(first, 0)).isEqualTo(UNICAST);
        assertThat(decide(second, 10)).isEqualTo(UNICAST);
        assertThat(decide(third, 20)).isEqualTo(MULTICAST);
        assertThat(decide(fourth, 30)).isEqualTo(NOT);
    }

    @Test
    void whoAsksAgainWithinARoundTripGetsNothing() {
        decide(first, 0);
        decide(second, 10);

        assertThat(decide(first, ROUND_TRIP_NANOS - 1)).isEqualTo(NOT);
        assertThat(decide(second, ROUND_TRIP_NANOS - 1)).isEqualTo(NOT);
    }

    @Test
    void afterARoundTripAllBeginsAnew() {
        decide(first, 0);
        decide(second, 0);
        decide(third, 0);

        assertThat(decide(first, ROUND_TRIP_NANOS)).isEqualTo(UNICAST);
        assertThat(decide(first, ROUND_TRIP_NANOS + 1)).isEqualTo(NOT);
        assertThat(decide(second, ROUND_TRIP_NANOS + 1)).isEqualTo(UNICAST);
    }

    @Test
    void whereNotEverybodyUnderstandsTheChunkEachIsServedForItself() {
        assertThat(decideWithoutMulticast(first, 0)).isEqualTo(UNICAST);
        assertThat(decideWithoutMulticast(second, 0)).isEqualTo(UNICAST);
        assertThat(decideWithoutMulticast(third, 0)).isEqualTo(UNICAST);
        assertThat(decideWithoutMulticast(fourth, 0)).isEqualTo(UNICAST);
        assertThat(decideWithoutMulticast(third, 1)).isEqualTo(NOT);
        assertThat(decideWithoutMulticast(fourth, 1)).isEqualTo(NOT);
    }

    @Test
    void chunksAreDecidedAboutEachForItself() {
        decide(first, 0);

        assertThat(repairs.decide(8, first, true, ROUND_TRIP_NANOS, 0)).isEqualTo(UNICAST);
    }

    @Test
    void theNextChunkInAPlaceBeginsAnew() {
        decide(first, 0);
        repairs.clear(7 + 64);

        assertThat(repairs.decide(7 + 64, first, true, ROUND_TRIP_NANOS, 1)).isEqualTo(UNICAST);
    }
}
