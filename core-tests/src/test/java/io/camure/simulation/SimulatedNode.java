package io.camure.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;

/**
 * A node that is started, killed and started anew.
 *
 * @param <S> what one life of it is
 */
abstract class SimulatedNode<S extends Site> {

    final World world;
    private final String name;
    private final SplittableRandom random;
    private S site;
    private SimulatedHost host;
    private int lives;

    SimulatedNode(World world, String name, SplittableRandom random) {
        this.world = world;
        this.name = name;
        this.random = random;
    }

    abstract String hostName();

    abstract S newSite(SeededProcess process, SimulatedHost on, SplittableRandom withRandom);

    /** What the process does, in its main thread. */
    abstract void live(S in) throws Exception;

    /** Unless it runs. */
    final void start() {
        if (isRunning()) {
            return;
        }
        SeededProcess process = world.scheduler().process(name + (lives == 0 ? "" : "#" + lives));
        lives++;
        world.trace().say(process, "starts");
        host = new SimulatedHost(world.network().host(hostName()), world.plan().pollNanos(), process, world.trace());
        S begun = newSite(process, host, random.split());
        site = begun;
        process.start(process + "-main", false, () -> live(begun));
    }

    final boolean isRunning() {
        return site != null && !site.process().isDead();
    }

    /** The present life, or the last one; {@code null} before the first. */
    final S site() {
        return site;
    }

    final void crash() {
        if (isRunning()) {
            world.trace().say(site, "crashes");
            site.process().kill();
            try {
                host.closePorts();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final void pause() {
        if (isRunning()) {
            site.process().pause();
        }
    }

    final void resume() {
        if (isRunning()) {
            site.process().resume();
        }
    }

    final void interrupt(int thread) {
        if (isRunning()) {
            site.interrupt(thread);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
