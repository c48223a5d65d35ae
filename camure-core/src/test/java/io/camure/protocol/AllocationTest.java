package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.collective.CollectiveArrival;
import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.CollectiveSettings;
import io.camure.protocol.collective.Reduction;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.GroupDelivery;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session that runs as ever makes no garbage. */
class AllocationTest {

    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 10000);
    private static final int WINDOW_CHUNKS = 256;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CoordinatorSession coordinator = new CoordinatorSession(
            new SessionSettings(
                    SimulatedNetwork.MULTICAST,
                    PathSizes.given(Session.CHUNK_BYTES),
                    SECONDS.toNanos(1),
                    SECONDS.toNanos(5),
                    0,
                    10,
                    WINDOW_CHUNKS,
                    1 << 20,
                    "coordinator",
                    delivery(),
                    true),
            new Random(1));
    private final MemberSession member = new MemberSession(
            new MemberSettings(COORDINATOR, SECONDS.toNanos(5), WINDOW_CHUNKS, 1 << 20, "member"), new Random(2));
    private final DatagramCodec.Transmitter toMember =
            (datagrams, datagramBytes, destination) -> deliver(datagrams, datagramBytes, COORDINATOR, member);
    private final DatagramCodec.Transmitter toCoordinator =
            (datagrams, datagramBytes, destination) -> deliver(datagrams, datagramBytes, MEMBER, coordinator);
    private final ByteBuffer message = ByteBuffer.allocate(Session.CHUNK_BYTES);
    private final byte[] read = new byte[Session.CHUNK_BYTES];
    private long nowNanos;
    private long messagesRead;

    GroupDelivery delivery() {
        return GroupDelivery.MULTICAST;
    }

    private void deliver(ByteBuffer datagrams, int datagramBytes, InetSocketAddress source, StateMachine node) {
        int end = datagrams.limit();
        for (int start = datagrams.position(); start < end; start += datagramBytes) {
            datagrams.limit(Math.min(start + datagramBytes, end)).position(start);
            node.onDatagram(source, datagrams, nowNanos);
        }
    }

    private void exchange() {
        while (coordinator.outbox().hasDatagrams() || member.outbox().hasDatagrams()) {
            nowNanos += 1000;
            coordinator.outbox().transmit(toMember);
            member.outbox().transmit(toCoordinator);
            member.onDeadline(nowNanos);
            coordinator.onDeadline(nowNanos);
        }
    }

    @BeforeEach
    void joinSession() {
        member.join(nowNanos);
        exchange();
        assertThat(member.isJoined()).isTrue();
    }

    private interface Step {
        void make();
    }

    private long allocatedBytes(int steps, Step step) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < steps; i++) {
            step.make();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void roundsAllocateNothing() {
        BarrierRound rounds = coordinator
                .create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
                .work();
        BarrierArrival arrivals = member.join(BarrierKind.BARRIER, 0, nowNanos).work();
        exchange();
        Step step = () -> {
            arrivals.arrive(nowNanos);
            rounds.arrive(nowNanos);
            exchange();
        };
        allocatedBytes(20_000, step);
        long before = rounds.outcome().round();

        assertThat(allocatedBytes(10_000, step)).isLessThan(10_000);
        assertThat(arrivals.outcome().round()).isEqualTo(before + 10_000);
    }

    @Test
    void collectivesAllocateNothing() {
        CollectiveSettings sums = new CollectiveSettings(
                LossPolicy.CONTINUE, "long", "sum", Reduction.of("sum", "long"), false, 1 << 20, SECONDS.toNanos(60));
        CollectiveRound rounds = coordinator
                .create(CollectiveKind.COLLECTIVE, 2, AUTOMATIC, sums)
                .work();
        CollectiveArrival arrivals =
                member.join(CollectiveKind.COLLECTIVE, 2, nowNanos).work();
        exchange();
        byte[] call = sums.call(CollectiveOperation.ALL_REDUCE, 0);
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(7).array();
        Step step = () -> {
            arrivals.arrive(call, value, true, nowNanos);
            rounds.arrive(call, value, true, nowNanos);
            exchange();
        };
        allocatedBytes(20_000, step);
        long before = rounds.outcome().round();

        assertThat(allocatedBytes(10_000, step)).isLessThan(10_000);
        assertThat(arrivals.outcome().round()).isEqualTo(before + 10_000);
        assertThat(ByteBuffer.wrap(arrivals.result().bytes().array()).getLong()).isEqualTo(14);
    }

    /** Small messages are bundled, large ones have a chunk each. */
    @ParameterizedTest
    @CsvSource({"20, 1000000", "500, 100000"})
    void broadcastChunksAllocateNothing(int messageBytes, int messages) {
        SendWindow sending = coordinator
                .create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT)
                .work()
                .window();
        ReceiveWindow receiving =
                member.join(BroadcastKind.BROADCAST, 1, nowNanos).work().window();
        exchange();
        Step step = () -> {
            sending.write(ChunkType.BROADCAST_MESSAGE, message.clear().limit(messageBytes), nowNanos);
            nowNanos += 1000;
            coordinator.onDeadline(nowNanos);
            exchange();
            while (receiving.nextType() != null) {
                receiving.read(read, 0, receiving.nextBytes(), nowNanos);
                messagesRead++;
            }
        };
        allocatedBytes(20_000, step);
        long before = messagesRead;

        assertThat(allocatedBytes(messages, step)).isLessThan(messages);
        assertThat(messagesRead - before).isBetween(messages - 1000L, messages + 1000L);
    }
}
