package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.group.ManagedGroup;
import java.util.HashSet;
import java.util.Set;

/** What has to come right within a bounded time, once the faults have ceased: all are in, and go on together. */
final class SimulationRecovery {

    /** For the retry timers of joins and admissions, which are a second at most, one after the other. */
    static final long RETRIES_NANOS = SECONDS.toNanos(8);

    private static final int LAST_ROUNDS = 3;
    private static final int LAST_MESSAGES = 5;

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final long timeoutNanos;

    SimulationRecovery(Simulation simulation, SimulatedNetwork network, long timeoutNanos) {
        this.simulation = simulation;
        this.network = network;
        this.timeoutNanos = timeoutNanos;
    }

    void run() {
        SimulatedCoordinator living = simulation.startCoordinator();
        long endNanos = network.nowNanos() + 3 * timeoutNanos + RETRIES_NANOS;
        // Until then datagrams of the time before may arrive.
        network.runFor(timeoutNanos);
        network.runUntil(endNanos, () -> areAllIn(living));
        long lastRound = living.life().rounds() + LAST_ROUNDS;
        long lastGiven = living.collective().work().nextSequence() + LAST_ROUNDS;
        living.finish(LAST_MESSAGES);
        network.runUntil(endNanos, () -> haveGoneOn(living, lastRound) && haveGiven(lastGiven));
        boolean goneOn = haveGoneOn(living, lastRound) && haveGiven(lastGiven);
        // Meanwhile a member of 0.1 may have lost its patience with what was before, and is being replaced.
        network.runUntil(endNanos, () -> areAllIn(living));
        if (!goneOn || !areAllIn(living)) {
            throw new AssertionError("has not come right: " + describe(living, lastRound, lastGiven));
        }
    }

    private boolean areAllIn(SimulatedCoordinator living) {
        if (simulation.awaitsMembers()) {
            return false;
        }
        Set<Long> numbers = new HashSet<>();
        for (SimulatedProcess process : simulation.present()) {
            if (!process.isIn()) {
                return false;
            }
            numbers.add(process.number());
        }
        return numbers.size() >= simulation.expectedMembers()
                && numbers.equals(numbers(living.barrier()))
                && numbers.equals(numbers(living.broadcast()));
    }

    private boolean haveGoneOn(SimulatedCoordinator living, long lastRound) {
        return living.isFinished()
                && simulation.present().stream()
                        .allMatch(process -> process.hasCompleted(lastRound) && hasGotAll(process, living.life()));
    }

    /** Whoever was put out of the broadcast and has come back, or replaces another one, may have come behind the last message. */
    private static boolean hasGotAll(SimulatedProcess process, SimulationRecord.Life life) {
        return process.hasGot(life.lastWhole()) || life.hasAdmittedBehind(process.address(), life.lastWhole());
    }

    private boolean haveGiven(long lastRound) {
        return simulation.present().stream()
                .allMatch(process -> !(process instanceof SimulatedMember member) || member.hasGiven(lastRound));
    }

    private Set<Long> numbers(ManagedGroup<?> group) {
        Set<Long> numbers = new HashSet<>();
        group.memberships().forEach(membership -> {
            SimulatedProcess process = simulation.processOf(membership);
            // Who was welcomed and has not answered is not in yet.
            numbers.add(process == null || !membership.isMember() ? -1 : process.number());
        });
        return numbers;
    }

    private String describe(SimulatedCoordinator living, long lastRound, long lastGiven) {
        StringBuilder text = new StringBuilder("round " + living.life().rounds() + " of " + lastRound + ", message "
                + living.life().messagesBegun() + ", finished: " + living.isFinished()
                + ", collective round " + living.collective().work().nextSequence() + " of " + lastGiven + ", missing: "
                + living.collective().work().missingMembers() + " of " + numbers(living.collective()) + ", in barrier: "
                + numbers(living.barrier()) + ", missing: "
                + living.barrier().work().missingMembers()
                + ", in broadcast: " + numbers(living.broadcast()) + ", not up to date:");
        for (SimulatedProcess process : simulation.present()) {
            if (process instanceof SimulatedMember member && !member.hasGiven(lastGiven)) {
                text.append(' ').append(member).append(' ').append(member.giving());
            } else if (!process.hasCompleted(lastRound) || !hasGotAll(process, living.life())) {
                text.append(' ').append(process);
            }
        }
        return text.toString();
    }
}
