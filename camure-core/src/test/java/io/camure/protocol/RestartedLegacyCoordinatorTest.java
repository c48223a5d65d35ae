package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A legacy coordinator that is started anew at its address is noticed by what it sends. */
class RestartedLegacyCoordinatorTest {

    private static final int GROUP = 1;

    private final LoneMember member = new LoneMember();

    @BeforeEach
    void beInALegacySession() {
        member.inLegacySession();
    }

    private void receive(ChunkType type, int sequence) {
        member.receive(chunk -> ChunkWriter.sequenced(chunk, type, GROUP, sequence));
    }

    /** Datagrams of before are not on their way any more. */
    private void pass() {
        member.nowNanos += LoneMember.TIMEOUT_NANOS;
    }

    private void requireLost() {
        Disconnection loss = Objects.requireNonNull(member.session.loss());
        assertThat(loss.cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(loss.detail()).contains("another incarnation of the coordinator");
    }

    @Test
    void aBroadcastThatBeginsAnewIsOfAnotherSession() {
        JoinedGroup<BroadcastReceiving> group = member.session.join(BroadcastKind.BROADCAST, GROUP, 0);
        receive(ChunkType.GROUP_WELCOME, 0);
        for (int sequence = 0; sequence < 30; sequence++) {
            receive(ChunkType.BROADCAST_MESSAGE, sequence);
        }
        pass();
        receive(ChunkType.BROADCAST_MESSAGE, 30);
        pass();
        for (int sequence = 0; sequence < 10; sequence++) {
            receive(ChunkType.BROADCAST_MESSAGE, sequence);
            receive(ChunkType.BROADCAST_MESSAGE, sequence);
            assertThat(member.session.loss()).isNull();
        }
        receive(ChunkType.BROADCAST_MESSAGE, 10);

        requireLost();
        assertThat(group.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    @Test
    void aBarrierThatBeginsAnewIsOfAnotherSession() {
        JoinedGroup<BarrierArrival> group = member.session.join(BarrierKind.BARRIER, GROUP, 0);
        receive(ChunkType.GROUP_WELCOME, 0);
        for (int round = 0; round < 5; round++) {
            group.work().arrive(member.nowNanos);
            receive(ChunkType.BARRIER_RELEASED, round);
        }
        pass();
        group.work().arrive(member.nowNanos);
        receive(ChunkType.BARRIER_RELEASED, 5);
        pass();
        receive(ChunkType.BARRIER_RELEASED, 0);
        assertThat(member.session.loss()).as("one may be repeated").isNull();
        receive(ChunkType.BARRIER_RELEASED, 1);

        requireLost();
    }

    @Test
    void aWelcomeWithAnotherHeartbeatIntervalIsOfAnotherSession() {
        long other = LoneMember.HEARTBEAT_NANOS + MILLISECONDS.toNanos(1);
        member.receive(
                chunk -> ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, other));

        requireLost();
    }
}
