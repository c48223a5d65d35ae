package io.camure.benchmarks.micro;

import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A chunk of a broadcast from being written to being read by all members, status reports included, without a network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BroadcastBenchmark {

    private static final int BROADCAST = 0;
    private static final int CHUNKS = 64;

    @Param({"1", "4", "100", "1000"})
    private int members;

    @Param({"false", "true"})
    private boolean sealed;

    private final ByteBuffer payload =
            ByteBuffer.allocate(InlineNetwork.CHUNK_BYTES - ChunkWriter.BROADCAST_HEADER_BYTES);
    private final byte[] read = new byte[InlineNetwork.CHUNK_BYTES];
    private InlineNetwork network = new InlineNetwork(0, false);
    private ManagedGroup<BroadcastSending> broadcast = network.coordinator.create(
            BroadcastKind.BROADCAST, BROADCAST, new Admission(true, 0), SlowMemberPolicy.WAIT);
    private ReceiveWindow[] windows = {};

    /** Lets the members in. */
    @Setup
    public void join() {
        network = new InlineNetwork(members, sealed);
        broadcast = network.coordinator.create(
                BroadcastKind.BROADCAST, BROADCAST, new Admission(true, members), SlowMemberPolicy.WAIT);
        windows = network.members.stream()
                .map(member -> member.join(BroadcastKind.BROADCAST, BROADCAST, network.nowNanos)
                        .work()
                        .window())
                .toArray(ReceiveWindow[]::new);
        network.settle();
    }

    /** Each chunk is a message of its own and as large as fits. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public void chunk() {
        for (int i = 0; i < CHUNKS; i++) {
            broadcast.work().window().write(ChunkType.BROADCAST_MESSAGE, payload.clear(), network.nowNanos);
        }
        broadcast.work().window().ask(network.nowNanos);
        network.settle();
        for (ReceiveWindow window : windows) {
            while (window.nextType() != null) {
                window.read(read, 0, window.nextBytes(), network.nowNanos);
            }
        }
        network.settle();
        network.pass(1000);
        if (!broadcast.work().window().isDrained()) {
            throw new AssertionError("not everything was acknowledged");
        }
    }
}
