package io.camure.benchmarks.micro;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
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

    @Param({"false", "true"})
    private boolean sealed;

    private InlineNetwork network = new InlineNetwork(0, false);
    private ManagedGroup<BarrierRound> barrier =
            network.coordinator.create(BarrierKind.BARRIER, BARRIER, new Admission(true, 0), LossPolicy.CONTINUE);
    private BarrierArrival[] arrivals = {};

    /** Lets the members in. */
    @Setup
    public void join() {
        network = new InlineNetwork(members, sealed);
        barrier = network.coordinator.create(
                BarrierKind.BARRIER, BARRIER, new Admission(true, members), LossPolicy.CONTINUE);
        arrivals = network.members.stream()
                .map(member -> member.join(BarrierKind.BARRIER, BARRIER, network.nowNanos)
                        .work())
                .toArray(BarrierArrival[]::new);
        network.settle();
    }

    /** All arrive, and all are released. */
    @Benchmark
    public long round() {
        for (BarrierArrival arrival : arrivals) {
            arrival.arrive(network.nowNanos);
        }
        long round = barrier.work().arrive(network.nowNanos);
        network.settle();
        network.pass(1000);
        if (arrivals[arrivals.length - 1].outcome().round() != round) {
            throw new AssertionError("round " + round + " was not released");
        }
        return round;
    }
}
