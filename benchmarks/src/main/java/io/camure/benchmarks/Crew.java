package io.camure.benchmarks;

import io.camure.benchmarks.peers.MpiContender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;

/** The processes of one set of nodes, the coordinator first. */
final class Crew implements AutoCloseable {

    private final Setup setup;
    private final Launcher launcher;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Thread killer = new Thread(this::kill);

    private Crew(Setup setup, Launcher launcher) {
        this.setup = setup;
        this.launcher = launcher;
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts all nodes, and waits until they have found one another. */
    static Crew start(Cell cell, Setup setup, Archives archives) throws CellFailure, InterruptedException {
        SystemName system = SystemName.parse(cell.system());
        return Contenders.named(system) instanceof MpiContender mpi
                ? start(cell, setup, new MpiLauncher(setup, mpi))
                : start(cell, setup, new JvmLauncher(setup, system, archives, false));
    }

    /** Starts nodes that make archives when they end. */
    static Crew startTraining(Cell cell, Setup setup, Archives archives) throws CellFailure, InterruptedException {
        return start(cell, setup, new JvmLauncher(setup, SystemName.parse(cell.system()), archives, true));
    }

    private static Crew start(Cell cell, Setup setup, Launcher launcher) throws CellFailure, InterruptedException {
        Crew crew = new Crew(setup, launcher);
        try {
            setup.network().deafen(deafMembers(cell));
            Addresses addresses = Addresses.next(setup.network(), cell.members() + 1);
            launcher.launch(cell, addresses, crew.nodes);
            crew.askAll(Fields.of("gather"), "gathered", Deadlines.GATHER);
            return crew;
        } catch (CellFailure | InterruptedException | RuntimeException e) {
            crew.kill();
            crew.close();
            throw e;
        }
    }

    private static int deafMembers(Cell cell) {
        SystemName system = SystemName.parse(cell.system());
        return Contenders.familyOf(system).kind() == Family.Kind.CAMURE
                        && Contenders.named(system) instanceof CamureContender camure
                ? camure.deafMembers()
                : 0;
    }

    NodeProcess coordinator() {
        return nodes.get(0);
    }

    List<NodeProcess> members() {
        return nodes.subList(1, nodes.size());
    }

    /** What the compilers of all nodes have done so far. */
    Compilation compilation() throws CellFailure, InterruptedException {
        long millis = 0;
        for (Fields reply : askAll(Fields.of("compilation"), "compilation", Deadlines.PHASE)) {
            millis += reply.number("millis");
        }
        return new Compilation(millis, launcher.deoptimizations());
    }

    /** Has all nodes do the same, and gives back their answers. */
    List<Fields> askAll(Fields command, String reply, Duration timeout) throws CellFailure, InterruptedException {
        for (NodeProcess node : nodes) {
            node.command(command);
        }
        return expectAll(nodes, reply, timeout);
    }

    static List<Fields> expectAll(List<NodeProcess> nodes, String reply, Duration timeout)
            throws CellFailure, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<Fields> replies = new ArrayList<>();
        for (NodeProcess node : nodes) {
            replies.add(node.expect(reply, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
        }
        return replies;
    }

    /**
     * Ends the members, then the coordinator.
     *
     * @param patience for each, before it is killed
     */
    void end(Duration patience) throws CellFailure {
        for (NodeProcess member : members()) {
            member.end();
        }
        if (launcher instanceof JvmLauncher) {
            // The nodes of MPI end together.
            members().forEach(member -> member.close(patience));
        }
        coordinator().end();
        coordinator().close(patience);
    }

    void kill() {
        nodes.forEach(NodeProcess::kill);
    }

    @Override
    public void close() {
        for (NodeProcess node : nodes) {
            node.close();
        }
        // A node that was killed has not done so.
        for (int i = 0; i < nodes.size(); i++) {
            IoUtil.delete(Launcher.directoryOf(setup, i).toFile(), true);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The driver is being ended, and the hook has done this already.
        }
    }

    /**
     * What compilers have done so far.
     *
     * @param millis how long they have worked
     * @param deoptimizations how often compiled code was left for good
     */
    record Compilation(long millis, long deoptimizations) {}
}
