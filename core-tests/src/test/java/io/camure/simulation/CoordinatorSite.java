package io.camure.simulation;

import io.camure.Coordinator;
import java.util.SplittableRandom;

/** A {@link Site} that is the coordinator. */
final class CoordinatorSite extends Site {

    private Coordinator coordinator;

    CoordinatorSite(World world, SeededProcess process, SimulatedHost host, SplittableRandom random) {
        super(world, process, host, random);
    }

    void started(Coordinator started) {
        coordinator = started;
    }

    @Override
    long incarnation() {
        return coordinator == null ? 0 : coordinator.incarnation();
    }

    Coordinator coordinator() {
        return coordinator;
    }
}
