package io.camure.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run of whole nodes, a coordinator and up to eight members with their applications, in virtual time and on a network in
 * memory: first with the faults of its plan, then without any, when all must come right within a bounded time; at last all
 * nodes are closed, and must leave no thread.
 */
final class WholeNodeSimulation {

    private static final long LOOK_NANOS = MILLISECONDS.toNanos(5);

    /** A try to join that has begun before the faults have ceased can ask where nobody is, and takes that long at most. */
    private static final long FUTILE_TRY_NANOS = SECONDS.toNanos(1);

    private static final long LONGEST_END_NANOS = SECONDS.toNanos(4);

    private final Plan plan;
    private final World world;

    /** @param sum the same for each run of the same plan */
    record Result(Counts counts, long sum) {}

    /** @param output where to print all that happens, or {@code null} */
    WholeNodeSimulation(Plan plan, PrintStream output) {
        this.plan = plan;
        world = new World(plan, output);
    }

    /** @throws AssertionError when an invariant is violated, or a thread fails */
    Result run() throws InterruptedException {
        world.scheduler().afterStep(this::check);
        world.process().start("world", false, this::play);
        try {
            world.scheduler().run();
        } finally {
            world.network().close();
        }
        Counts counts = world.counts();
        counts.add("datagrams delivered", world.network().datagrams().delivered());
        counts.add("datagrams lost", world.network().datagrams().lost());
        counts.add("datagrams doubled", world.network().datagrams().duplicated());
        counts.add("datagrams cut off", world.network().datagrams().cut());
        return new Result(counts, world.trace().sum());
    }

    private void check() {
        long nowNanos = world.nowNanos();
        List<Invariant> invariants = world.invariants();
        for (int i = 0; i < invariants.size(); i++) {
            require(invariants.get(i).violation(nowNanos));
        }
    }

    private static void require(String violation) {
        if (violation != null) {
            throw new AssertionError(violation);
        }
    }

    private void play() {
        world.nodes().forEach(SimulatedNode::start);
        for (Change change : changes()) {
            world.process().sleep(change.atNanos - world.nowNanos());
            world.trace().say("fault", change.text);
            change.what.run();
        }
        cease();
        comeRight();
        end();
    }

    /** The beginning or the end of a fault. */
    private record Change(long atNanos, String text, Runnable what) {}

    private List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Fault.Planned planned : plan.faults()) {
            Fault fault = planned.fault();
            changes.add(new Change(planned.atNanos(), "begins: " + planned, () -> {
                world.counts().count(fault.kind());
                fault.begin(world);
            }));
            changes.add(new Change(planned.atNanos() + planned.forNanos(), "ends: " + planned, () -> fault.end(world)));
        }
        changes.sort(Comparator.comparingLong(Change::atNanos));
        return changes;
    }

    private void cease() {
        world.trace().say("world", "the faults cease");
        world.network().repair();
        world.nodes().forEach(node -> {
            node.resume();
            node.start();
        });
    }

    /**
     * All are together again within the coordinator timeout, the heartbeat interval after which that is looked at, and two
     * seconds; and what a try that fails takes, and the pause behind it.
     */
    private void comeRight() {
        long togetherNanos = plan.timeout().plus(plan.interval()).toNanos()
                + SECONDS.toNanos(2)
                + FUTILE_TRY_NANOS
                + SimulatedMember.LONGEST_REJOIN_INTERVAL.toNanos();
        await("not all are together", togetherNanos, () -> firstOf(workload -> workload.notTogether(world)));
        world.trace().say("world", "all are together");
        world.workloads().forEach(workload -> workload.goOn(world));
        long goingOnNanos = 10 * plan.thinking().toNanos() + plan.timeout().toNanos() + SECONDS.toNanos(2);
        await("not all have gone on", goingOnNanos, () -> firstOf(workload -> workload.notGoneOn(world)));
    }

    private String firstOf(Function<Workload, String> question) {
        return world.workloads().stream()
                .map(question)
                .filter(answer -> answer != null)
                .findFirst()
                .orElse(null);
    }

    private void end() {
        world.trace().say("world", "all are closed");
        world.end();
        await(
                "threads are left",
                LONGEST_END_NANOS,
                () -> world.threadsOfNodes().isEmpty()
                        ? null
                        : world.threadsOfNodes().toString());
        world.invariants().forEach(invariant -> require(invariant.violationAtEnd()));
    }

    private void await(String otherwise, long nanos, Supplier<String> missing) {
        long endNanos = world.nowNanos() + nanos;
        String what = missing.get();
        while (what != null) {
            if (world.nowNanos() > endNanos) {
                throw new AssertionError(otherwise + " after " + nanos / 1_000_000 + " ms: " + what);
            }
            world.process().sleep(LOOK_NANOS);
            what = missing.get();
        }
    }
}
