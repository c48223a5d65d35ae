package io.camure.benchmarks.micro;

import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A barrier round in the state machines of all its nodes, without a network: what the protocol itself costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BarrierRoundBenchmark {

    private static final int BARRIER = 0;

    @Param({"1", "4", "100", "1000"})
    private int members;

    private InlineNetwork network = new InlineNetwork(0);
    private ManagedGroup barrier = network.coordinator.createBarrier(BARRIER, new Admission(true, 0));
    private JoinedGroup[] joined = {};

    /** Lets the members in. */
    @Setup
    public void join() {
        network = new InlineNetwork(members);
        barrier = network.coordinator.createBarrier(BARRIER, new Admission(true, members));
        joined = network.members.stream()
                .map(member -> member.joinBarrier(BARRIER, network.nowNanos))
                .toArray(JoinedGroup[]::new);
        network.settle();
    }

    /** All arrive, and all are released. */
    @Benchmark
    public long round() {
        for (JoinedGroup member : joined) {
            member.arrival().arrive(network.nowNanos);
        }
        long round = barrier.round().arrive(network.nowNanos);
        network.settle();
        network.pass(1000);
        if (joined[joined.length - 1].arrival().outcome().round() != round) {
            throw new AssertionError("round " + round + " was not released");
        }
        return round;
    }
}
