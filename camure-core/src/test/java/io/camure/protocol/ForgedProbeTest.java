package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes that a {@link Stranger} sends to members in the coordinator's name: they say nothing of what gets to a member. */
class ForgedProbeTest {

    private static final int ETHERNET = 1472;

    private final DeliverySession delivery =
            new DeliverySession(new Session(GroupDelivery.AUTO, PathSizes.upTo(ETHERNET, ETHERNET)));
    private final SimulatedNetwork network = delivery.session.network;
    private final Stranger stranger = new Stranger(delivery.session);

    @BeforeEach
    void haveAMember() {
        delivery.session.interfaceBytes = ETHERNET;
        delivery.join(1);
    }

    private long unidentified() {
        return delivery.nodes.get(0).session.counters().dropped(DropReason.UNIDENTIFIED);
    }

    private void assertThatNothingChanged() {
        List<SessionEvent> told = delivery.session.coordinator.outbox().takeEvents();
        assertThat(told).noneMatch(event -> event instanceof SessionEvent.PathChanged);
        assertThat(told).noneMatch(event -> event instanceof SessionEvent.HearingChanged);
        assertThat(delivery.session.coordinator.reach().deaf()).isEmpty();
        assertThat(delivery.session.coordinator.reach().servedByUnicast()).isZero();
    }

    /** Of each 64th of the numbers one: some builds take what follows a number that they know. */
    private void forgeProbesOfAllNumbers() {
        for (int number = 0; number < 64; number++) {
            int tried = number << 26 | 1;
            stranger.toMember(delivery.nodes.get(0), chunk -> ChunkWriter.multicastProbe(chunk, tried));
        }
    }

    @Test
    void byMulticastDoNotMakeAMemberSeemDeaf() {
        network.runFor(SECONDS.toNanos(2));
        for (int i = 0; i < 300; i++) {
            forgeProbesOfAllNumbers();
            network.runFor(MILLISECONDS.toNanos(100));
        }

        assertThat(unidentified()).isEqualTo(300 * 64);
        assertThatNothingChanged();
    }

    @Test
    void ofAPathDoNotMakeItSeemShort() {
        for (int i = 0; i < 5000; i++) {
            int round = i << 20 | 1;
            stranger.toMember(
                    delivery.nodes.get(0), chunk -> ChunkWriter.pathProbe(chunk, round, ChunkWriter.PATH_ASKS));
            network.runFor(MILLISECONDS.toNanos(1));
        }

        assertThat(unidentified()).isEqualTo(5000);
        assertThatNothingChanged();
    }

    /** All of them have the same mark, and nobody sees it who has not proven its address. */
    @Test
    void areToldByAMarkThatOnlyNodesInTheSessionKnow() {
        List<SimulatedNetwork.Transmission> sent = network.record();
        delivery.join(1);
        network.runFor(SECONDS.toNanos(5));
        byte[] mark = markOf(sent.stream()
                .filter(one -> one.type() == ChunkType.MULTICAST_PROBE)
                .findFirst()
                .orElseThrow());

        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.MULTICAST_PROBE || one.type() == ChunkType.PATH_PROBE)
                .hasSizeGreaterThan(2)
                .allSatisfy(one -> assertThat(markOf(one)).isEqualTo(mark));
        assertThat(sent)
                .filteredOn(one -> one.type() == ChunkType.SESSION_WELCOME)
                .hasSizeGreaterThan(1)
                .allSatisfy(one -> assertThat(contains(one.bytes(), mark)).isEqualTo(memberId(one.bytes()) != 0));
    }

    private static byte[] markOf(SimulatedNetwork.Transmission probe) {
        byte[] mark = new byte[Long.BYTES];
        ByteBuffer.wrap(probe.bytes()).get(probe.type().minimumBytes(), mark);
        return mark;
    }

    private static int memberId(byte[] welcome) {
        ChunkReader chunk = new ChunkReader();
        assertThat(chunk.read(ByteBuffer.wrap(welcome))).isNull();
        return chunk.extension().memberId();
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int start = 0; start + part.length <= bytes.length; start++) {
            if (ByteBuffer.wrap(bytes, start, part.length).equals(ByteBuffer.wrap(part))) {
                return true;
            }
        }
        return false;
    }
}
