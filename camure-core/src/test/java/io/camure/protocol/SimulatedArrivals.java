package io.camure.protocol;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.round.RoundOutcome;
import io.camure.wire.RoundContext;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;

/** An application that waits at a barrier again and again, in one membership. */
final class SimulatedArrivals {

    private final SimulatedNetwork network;
    private final SimulationRecord record;
    private final InetSocketAddress address;
    private final long process;
    private final SplittableRandom random;
    private final long thinkNanos;
    private final JoinedGroup<BarrierArrival> group;
    private boolean thinking;
    private boolean waiting;
    private long arrivedRound = -1;
    private long completedRound = -1;

    SimulatedArrivals(
            SimulatedNetwork network,
            SimulationRecord record,
            SimulatedMember member,
            SplittableRandom random,
            long thinkNanos,
            JoinedGroup<BarrierArrival> group) {
        this.network = network;
        this.record = record;
        this.address = member.address();
        this.process = member.number();
        this.random = random;
        this.thinkNanos = thinkNanos;
        this.group = group;
    }

    void step() {
        RoundOutcome outcome = group.work().outcome();
        if (waiting && outcome.round() >= arrivedRound) {
            waiting = false;
            // It may have been told meanwhile that it takes part from a later one on.
            arrivedRound = outcome.round();
            boolean broken = outcome.broken() != null;
            checkContext(outcome);
            record.checkOutcome(process, arrivedRound, outcome.participants(), broken);
            if (!broken) {
                completedRound = arrivedRound;
            }
        }
        if (group.state() != JoinedGroup.State.JOINED) {
            waiting = false;
        } else if (waiting) {
            // Told so, it says again that it has arrived, at that one, which may be heard when it is out.
            arrivedRound = group.work().arrive(network.nowNanos());
        } else if (!thinking) {
            thinking = true;
            network.after(random.nextLong(thinkNanos), address, () -> {
                thinking = false;
                if (group.state() == JoinedGroup.State.JOINED) {
                    if (process % 2 == 0) {
                        // Every other one waits in traces.
                        group.work().waitsIn(contextOf(process));
                    }
                    arrivedRound = group.work().arrive(network.nowNanos());
                    waiting = true;
                }
            });
        }
    }

    /** What stands for a number in traces. */
    static byte[] contextOf(long number) {
        byte[] context = new byte[RoundContext.BYTES];
        Arrays.fill(context, (byte) number);
        return context;
    }

    /** Whoever waits in a trace is told what stands for its round in traces, or nothing. */
    static void checkContext(RoundOutcome outcome) {
        byte[] told = outcome.context();
        if (told != null && !Arrays.equals(told, contextOf(outcome.round()))) {
            throw new AssertionError("round " + outcome.round() + " was told to be another one in traces");
        }
    }

    boolean hasArrived(long round) {
        boolean pending = waiting
                && group.state() == JoinedGroup.State.JOINED
                && group.work().outcome().round() < arrivedRound;
        // What it says again when it has arrived is at which round that counts.
        return arrivedRound == round || pending && group.work().arrive(network.nowNanos()) == round;
    }

    /** The last round that was completed, or -1. */
    long completedRound() {
        return completedRound;
    }

    JoinedGroup<BarrierArrival> group() {
        return group;
    }
}
