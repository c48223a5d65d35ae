package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import io.camure.wire.RoundContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member makes of the end of a round, and what it acknowledges, to a negotiated and to a legacy coordinator. */
class BarrierAtMemberTest {

    private static final int FIRST = 5;
    private static final int EPOCH = 3;

    private final LoneMember member = new LoneMember();
    private BarrierArrival arrival;

    private void beIn() {
        arrival = member.session.join(BarrierKind.BARRIER, 0, 0).work();
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_WELCOME, 0, FIRST));
        assertThat(arrival.outcome().round()).isEqualTo(FIRST - 1);
        member.sent();
    }

    private void release(long round) {
        member.receive(chunk -> ChunkWriter.barrierReleased(chunk, 0, round, 2, EPOCH, 0));
    }

    private long dropped(DropReason reason) {
        return member.session.counters().dropped(reason);
    }

    @Test
    void aReleaseIsAcknowledgedByTheNextArrival() {
        member.inSession();
        beIn();
        assertThat(arrival.arrive(0)).isEqualTo(FIRST);
        assertThat(member.sentTypes()).containsExactly(ChunkType.BARRIER_REACHED);
        release(FIRST);
        assertThat(arrival.outcome().round()).isEqualTo(FIRST);
        assertThat(arrival.outcome().participants()).isEqualTo(2);
        assertThat(member.sent()).isEmpty();
        member.nowNanos = MILLISECONDS.toNanos(1);
        assertThat(arrival.arrive(member.nowNanos)).isEqualTo(FIRST + 1);

        assertThat(member.sent()).singleElement().satisfies(reached -> {
            assertThat(reached.sequence()).isEqualTo(FIRST + 1);
            assertThat(reached.delayMicros()).isEqualTo(1000);
        });
    }

    @Test
    void anEarlierBuildIsToldOfNoTrace() {
        member.inSession();
        beIn();
        arrival.waitsIn(new byte[RoundContext.BYTES]);
        arrival.arrive(0);

        assertThat(member.sent())
                .singleElement()
                .satisfies(reached -> assertThat(reached.lengthBytes())
                        .isEqualTo(ChunkType.BARRIER_REACHED.minimumBytes() + 2 * Integer.BYTES));
    }

    @Test
    void aReleaseThatNoArrivalFollowsIsAcknowledgedByItselfOnce() {
        member.inSession();
        beIn();
        arrival.arrive(0);
        release(FIRST);
        member.sent();
        assertThat(arrival.nextDeadlineNanos()).isEqualTo(BarrierRound.ACK_DELAY_NANOS);
        member.nowNanos = BarrierRound.ACK_DELAY_NANOS;
        member.session.onDeadline(member.nowNanos);
        assertThat(member.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.type()).isEqualTo(ChunkType.GROUP_ACK);
            assertThat(ack.sequence()).isEqualTo(FIRST);
            assertThat(ack.delayMicros()).isEqualTo(2000);
        });
        assertThat(arrival.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        arrival.arrive(member.nowNanos);

        assertThat(member.sent())
                .singleElement()
                .extracting(ChunkReader::delayMicros)
                .isEqualTo(-1L);
    }

    @Test
    void aReleaseThatComesAgainIsAcknowledgedAgainAtOnce() {
        member.inSession();
        beIn();
        arrival.arrive(0);
        release(FIRST);
        member.sent();
        release(FIRST);

        assertThat(member.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.type()).isEqualTo(ChunkType.GROUP_ACK);
            assertThat(ack.sequence()).isEqualTo(FIRST);
            assertThat(ack.delayMicros())
                    .as("which tells nothing of the round trip")
                    .isNegative();
        });
        assertThat(arrival.outcome().round()).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nobodyIsReleasedFromARoundAtWhichItHasNotArrived(int ahead) {
        member.inSession();
        beIn();
        if (ahead > 0) {
            arrival.arrive(0);
            member.sent();
        }
        release(FIRST + ahead);

        assertThat(dropped(DropReason.OUT_OF_WINDOW)).isOne();
        assertThat(member.sent()).isEmpty();
        assertThat(arrival.outcome().round()).isEqualTo(FIRST - 1);
    }

    @Test
    void aLegacyCoordinatorGetsBareArrivalsAndEachReleaseAcknowledgedAtOnce() {
        member.inLegacySession();
        beIn();
        arrival.arrive(0);
        assertThat(member.sent()).singleElement().satisfies(reached -> {
            assertThat(reached.type()).isEqualTo(ChunkType.BARRIER_REACHED);
            assertThat(reached.payloadBytes()).isZero();
        });
        member.receive(chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_RELEASED, 0, FIRST));
        assertThat(arrival.outcome().round()).isEqualTo(FIRST);
        assertThat(arrival.outcome().participants())
                .as("which it does not tell")
                .isZero();
        assertThat(member.sent()).singleElement().satisfies(ack -> {
            assertThat(ack.type()).isEqualTo(ChunkType.GROUP_ACK);
            assertThat(ack.sequence()).isEqualTo(FIRST);
            assertThat(ack.payloadBytes()).isZero();
        });

        assertThat(arrival.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aCoordinatorThatLacksACapabilityGetsWhatItUnderstands() {
        member.receive(chunk -> {
            ChunkWriter.sessionWelcome(
                    chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, LoneMember.HEARTBEAT_NANOS);
            new Extension(
                            Extension.VERSION,
                            Extension.VERSION,
                            0,
                            64,
                            1 << 20,
                            7,
                            LoneMember.ID,
                            0,
                            "",
                            "",
                            "",
                            GroupDelivery.MULTICAST,
                            0,
                            0,
                            JoinToken.NONE,
                            PathReport.NONE)
                    .write(chunk);
        });
        beIn();
        arrival.arrive(0);
        assertThat(member.sent())
                .singleElement()
                .extracting(ChunkReader::payloadBytes)
                .isEqualTo(0);
        release(FIRST);

        assertThat(member.sentTypes()).containsExactly(ChunkType.GROUP_ACK);
    }

    @Test
    void anArrivalIsRepeatedUntilItIsAcknowledgedAndOnceASecondAfterThat() {
        member.inSession();
        beIn();
        arrival.arrive(0);
        // 2 ms, the shortest timeout, and 2 ms that the acknowledgement may take.
        assertThat(arrival.nextDeadlineNanos()).isEqualTo(MILLISECONDS.toNanos(4));
        member.sent();
        assertThat(member.passDeadline()).containsExactly(ChunkType.BARRIER_REACHED);
        assertThat(arrival.nextDeadlineNanos()).isEqualTo(MILLISECONDS.toNanos(12));
        member.receive(chunk -> ChunkWriter.ack(chunk, 0, FIRST, ChunkType.BARRIER_REACHED, 0, 0));

        assertThat(arrival.nextDeadlineNanos()).isEqualTo(member.nowNanos + SECONDS.toNanos(1));
        assertThat(member.session.counters().retransmissions()).isOne();
    }
}
