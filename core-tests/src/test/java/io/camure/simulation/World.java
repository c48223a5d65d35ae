package io.camure.simulation;

import io.camure.test.CamureTestNetwork;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** All that there is in a run. */
final class World {

    static final String COORDINATOR = "coordinator";
    static final List<String> COORDINATOR_HOSTS = List.of("coordinator-a", "coordinator-b");

    private final Plan plan;
    private final SeededScheduler scheduler;
    private final Trace trace;
    private final Counts counts = new Counts();
    private final CamureTestNetwork network;
    private final Calls calls;
    private final SimulatedCoordinator coordinator;
    private final List<SimulatedMember> members = new ArrayList<>();
    private final List<Workload> workloads = new ArrayList<>();
    private final List<Invariant> invariants;
    private final List<Thread> awaitingEnd = new ArrayList<>();

    /** That of the run itself, beside those of nodes. */
    private final SeededProcess process;

    private final SeededProcess networkProcess;
    private boolean ending;

    World(Plan plan, PrintStream output) {
        this.plan = plan;
        scheduler = new SeededScheduler(plan.seed(), plan.spuriousOneIn());
        trace = new Trace(scheduler, output);
        process = scheduler.process("world");
        networkProcess = scheduler.process("network");
        network = CamureTestNetwork.on(networkProcess, plan.seed());
        calls = new Calls(scheduler, trace);
        SplittableRandom random = new SplittableRandom(plan.seed());
        coordinator = new SimulatedCoordinator(this, random.split());
        ListenersInTurn listening = new ListenersInTurn(counts, trace);
        for (int i = 1; i <= plan.members(); i++) {
            members.add(new SimulatedMember(this, memberName(i), random.split(), listening));
        }
        workloads.add(new BarrierWorkload(this));
        workloads.add(new BroadcastWorkload(this));
        workloads.add(new CollectiveWorkload(this));
        List<Invariant> invariants = new ArrayList<>(List.of(calls, listening));
        workloads.forEach(workload -> invariants.addAll(workload.invariants()));
        this.invariants = List.copyOf(invariants);
    }

    static String memberName(int number) {
        return "member-" + number;
    }

    Plan plan() {
        return plan;
    }

    SeededScheduler scheduler() {
        return scheduler;
    }

    Trace trace() {
        return trace;
    }

    Counts counts() {
        return counts;
    }

    CamureTestNetwork network() {
        return network;
    }

    Calls calls() {
        return calls;
    }

    List<Workload> workloads() {
        return workloads;
    }

    List<Invariant> invariants() {
        return invariants;
    }

    SeededProcess process() {
        return process;
    }

    /** The threads of nodes that are not over. */
    List<SeededThread> threadsOfNodes() {
        return scheduler.living().stream()
                .filter(thread -> thread.process != process && thread.process != networkProcess)
                .toList();
    }

    long nowNanos() {
        return scheduler.nowNanos();
    }

    SimulatedCoordinator coordinator() {
        return coordinator;
    }

    List<SimulatedMember> members() {
        return members;
    }

    SimulatedNode<?> node(String name) {
        return nodes().filter(node -> node.toString().equals(name)).findAny().orElseThrow();
    }

    Stream<SimulatedNode<?>> nodes() {
        return Stream.concat(Stream.of(coordinator), members.stream());
    }

    /** The present lives of all nodes. */
    List<Site> sites() {
        List<Site> sites = new ArrayList<>();
        nodes().forEach(node -> sites.add(node.site()));
        return sites;
    }

    List<MemberSite> memberSites() {
        return members.stream().map(SimulatedNode::site).toList();
    }

    /** All applications are to end. */
    void end() {
        ending = true;
        awaitingEnd.forEach(process::unpark);
    }

    boolean isEnding() {
        return ending;
    }

    /** Waits until the application of a site is to end. */
    void awaitEnding(Site site) {
        awaitingEnd.add(Thread.currentThread());
        while (!ending) {
            site.process().park(this);
        }
    }
}
