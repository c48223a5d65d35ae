package io.camure.protocol;

import io.camure.protocol.collective.CollectiveKind;
import io.camure.protocol.collective.CollectiveRound;
import io.camure.protocol.collective.Computation;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.wire.CollectiveOperation;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The application of a coordinator that gives values in a collective, and reduces them: later, not at all, or in vain. */
final class SimulatedReducing {

    private final SimulatedNetwork network;
    private final SimulatedValues values;
    private final SplittableRandom random;
    private final InetSocketAddress address;
    private final long thinkNanos;
    private final long incarnation;
    private final ManagedGroup<CollectiveRound> group;
    private @Nullable CollectiveOperation called;
    private long arrivedRound;
    private boolean thinking;

    SimulatedReducing(
            SimulatedNetwork network,
            SimulatedValues values,
            SplittableRandom random,
            InetSocketAddress address,
            CoordinatorSession session,
            SimulatedCoordinator.Plan plan) {
        this.network = network;
        this.values = values;
        this.random = random;
        this.address = address;
        thinkNanos = plan.thinkNanos();
        incarnation = session.incarnation();
        group = session.create(
                CollectiveKind.COLLECTIVE,
                SimulatedGiving.COLLECTIVE,
                new Admission(true, 0),
                SimulatedValues.settings(plan.breaksOnLoss(), 4 * plan.thinkNanos()));
        group.work().setCoordinator(new NodeIdentity("coordinator", address, incarnation));
        group.work().traceBy((round, participants, elapsedNanos, last, contexts) -> SimulatedArrivals.contextOf(round));
    }

    ManagedGroup<CollectiveRound> group() {
        return group;
    }

    void step() {
        CollectiveRound rounds = group.work();
        Computation computation = rounds.takeComputation();
        if (computation != null) {
            compute(rounds, computation);
        }
        CollectiveOperation waitsFor = called;
        if (waitsFor != null && rounds.outcome().round() >= arrivedRound) {
            called = null;
            values.check("the coordinator", incarnation, waitsFor, rounds.outcome(), rounds.result());
        }
        if (called == null && !thinking) {
            thinking = true;
            network.after(random.nextLong(thinkNanos), address, () -> {
                thinking = false;
                CollectiveOperation operation = SimulatedValues.operation(network.nowNanos());
                called = operation;
                // Known before it is done, since it may complete the round.
                arrivedRound = rounds.nextSequence();
                arrivedRound = rounds.arrive(
                        SimulatedValues.call(operation),
                        values.give(operation, SimulatedValues.COORDINATOR),
                        true,
                        network.nowNanos());
            });
        }
    }

    private void compute(CollectiveRound rounds, Computation computation) {
        if (random.nextInt(20) == 0) {
            return;
        }
        boolean fails = random.nextInt(20) == 0;
        network.after(random.nextLong(2 * thinkNanos), address, () -> {
            if (fails) {
                rounds.onFailed(computation.round(), "in vain", network.nowNanos());
            } else {
                rounds.onComputed(
                        computation.round(),
                        SimulatedValues.joined(computation.values()).array(),
                        network.nowNanos());
            }
        });
    }
}
