package io.camure.simulation;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;

/** The coordinator and its application, wherever it is. */
final class SimulatedCoordinator extends SimulatedNode<CoordinatorSite> {

    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);
    private static final int PORT = 7400;

    /** What the interface promises. */
    private static final Duration LONGEST_CLOSE = Duration.ofMillis(1500);

    private int hostNumber;

    SimulatedCoordinator(World world, SplittableRandom random) {
        super(world, World.COORDINATOR, random);
    }

    /** It will be started at another address than before. */
    void moveUnlessRunning() {
        if (!isRunning()) {
            hostNumber = (hostNumber + 1) % World.COORDINATOR_HOSTS.size();
        }
    }

    @Override
    String hostName() {
        return World.COORDINATOR_HOSTS.get(hostNumber);
    }

    /** Where it is or will be. */
    InetSocketAddress address() {
        return address(hostName());
    }

    InetSocketAddress address(String hostName) {
        return new InetSocketAddress(world.network().host(hostName).address(), PORT);
    }

    @Override
    CoordinatorSite newSite(SeededProcess process, SimulatedHost on, SplittableRandom withRandom) {
        return new CoordinatorSite(world, process, on, withRandom);
    }

    @Override
    void live(CoordinatorSite in) throws Exception {
        Plan plan = world.plan();
        CoordinatorConfig config = CoordinatorConfig.builder()
                .name(in.process().toString())
                .network(in.host())
                .chunkSize(plan.chunkBytes())
                .heartbeatInterval(plan.interval())
                .memberTimeout(plan.timeout())
                .sendWindow(plan.sendWindow())
                .idleStrategy(plan.idleStrategy())
                .executor(task -> in.process().newThread(in + "-future", task).start())
                .build();
        Coordinator coordinator = Coordinator.start(address(), MULTICAST, config);
        in.started(coordinator);
        world.workloads().forEach(workload -> workload.atCoordinator(in));
        world.awaitEnding(in);
        in.call("close", LONGEST_CLOSE, () -> {
            coordinator.close();
            return null;
        });
    }
}
