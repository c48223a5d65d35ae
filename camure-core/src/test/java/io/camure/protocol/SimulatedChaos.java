package io.camure.protocol;

import io.camure.protocol.base.PathSizes;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Does to the nodes and links of a simulation what a seed has planned before the run; each for a while. Each part of the plan has
 * a seed of its own, so that what is left out changes nothing of the others.
 */
final class SimulatedChaos {

    private static final int TIMEOUTS = 8;

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final SimulatedLinks links;
    private final long timeoutNanos;
    private final List<Planned> plan = new ArrayList<>();
    private final List<InetSocketAddress> deafened = new ArrayList<>();
    private final List<InetSocketAddress> narrowed = new ArrayList<>();
    private boolean ceased;

    /** That of what is being done. */
    private SplittableRandom random;

    /**
     * Something that is to happen.
     *
     * @param number tells it from the others of the same seed
     */
    record Planned(int number, long atNanos, Action action, long seed) {

        @Override
        public String toString() {
            return String.format("%d: at %.3f ms %s", number, atNanos / 1e6, action);
        }
    }

    enum Action {
        /** From the beginning to the end of the faults. */
        LOSS(2, 3),
        DUPLICATION(2, 3),
        BURSTS(1, 3),
        JITTER(4, 5),
        JOIN,
        LEAVE,
        LEAVE_TOGETHER,
        COME_BACK,
        CRASH,
        RESTART,
        PAUSE,
        PAUSE_COORDINATOR,
        RESTART_COORDINATOR,
        PARTITION,
        ONE_WAY,
        ONE_MEMBER,
        SPIKE,
        DEAFNESS,
        SMALL_PATH,
        RESET,
        STOP_READING;

        /** How likely it is that a run has it from the beginning; 0 for those that have a time of their own. */
        private final int share;

        private final int of;

        Action() {
            this(0, 1);
        }

        Action(int share, int of) {
            this.share = share;
            this.of = of;
        }
    }

    SimulatedChaos(
            Simulation simulation,
            SimulatedNetwork network,
            SimulatedLinks links,
            SplittableRandom random,
            long timeoutNanos) {
        this.simulation = simulation;
        this.network = network;
        this.links = links;
        this.random = random;
        this.timeoutNanos = timeoutNanos;
        List<Action> actions = new ArrayList<>();
        // Not all at once: what is left out is what would hide the faults of the others.
        for (Action action : Action.values()) {
            if (action.share > 0 && random.nextInt(action.of) < action.share) {
                plan.add(new Planned(plan.size(), 0, action, random.nextLong()));
            } else if (action.share == 0 && random.nextInt(3) == 0) {
                actions.add(action);
            }
        }
        if (!actions.isEmpty()) {
            for (int i = random.nextInt(2, 16); i > 0; i--) {
                Action action = actions.get(random.nextInt(actions.size()));
                plan.add(new Planned(plan.size(), random.nextLong(TIMEOUTS * timeoutNanos), action, random.nextLong()));
            }
        }
    }

    /** What is to happen. */
    List<Planned> plan() {
        return plan;
    }

    /** Has it happen, or some of it; gives back when it is over. */
    long schedule(Predicate<Planned> chosen) {
        plan.stream().filter(chosen).forEach(planned -> network.after(planned.atNanos(), () -> act(planned)));
        return TIMEOUTS * timeoutNanos;
    }

    /** Ends what is left of it. */
    void cease() {
        ceased = true;
        deafened.forEach(address -> links.deafen(address, false));
        narrowed.forEach(address -> links.narrow(address, Integer.MAX_VALUE));
        links.cease();
        network.resume(SimulatedCoordinator.ADDRESS);
        simulation.present().forEach(process -> {
            network.resume(process.address());
            if (process instanceof SimulatedMember member) {
                member.read(true);
            }
        });
    }

    private void act(Planned planned) {
        simulation.say("now: " + planned);
        random = new SplittableRandom(planned.seed());
        switch (planned.action()) {
            case LOSS -> links.lose(random.nextDouble(0.4));
            case DUPLICATION -> links.duplicate(random.nextDouble(0.2));
            case BURSTS -> links.loseInBursts(random);
            case JITTER ->
                links.delayUpTo(SimulatedLinks.SPREADS_NANOS[random.nextInt(SimulatedLinks.SPREADS_NANOS.length)]);
            case JOIN -> {
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    simulation.counts().count(SimulatedFault.JOINED);
                    simulation.startMember();
                }
            }
            case LEAVE -> leave();
            case LEAVE_TOGETHER -> {
                for (int i = random.nextInt(2, 8); i > 0; i--) {
                    leave();
                }
            }
            case COME_BACK -> {
                if (any() instanceof SimulatedMember member && !network.isPaused(member.address())) {
                    member.comeBack();
                }
            }
            case CRASH -> crash();
            case RESTART -> restart();
            case PAUSE -> pause();
            case PAUSE_COORDINATOR -> pauseCoordinator();
            case RESTART_COORDINATOR -> restartCoordinator();
            case PARTITION -> cutOff();
            case ONE_WAY -> {
                links.loseOneWay(random.nextBoolean(), random.nextDouble(0.3, 1));
                after(() -> links.loseOneWay(true, 0));
            }
            case ONE_MEMBER -> {
                SimulatedProcess process = any();
                links.loseOf(process == null ? null : process.address(), random.nextDouble(0.3, 1));
                after(() -> links.loseOf(null, 0));
            }
            case SPIKE ->
                links.delay(network.nowNanos() + random.nextLong(timeoutNanos), random.nextLong(1, timeoutNanos));
            case DEAFNESS -> deafen();
            case SMALL_PATH -> narrow();
            case STOP_READING -> {
                if (any() instanceof SimulatedMember member) {
                    simulation.counts().count(SimulatedFault.STOPPED_READING);
                    member.read(false);
                    after(() -> member.read(true));
                }
            }
            case RESET -> {
                SimulatedCoordinator coordinator = simulation.coordinator();
                if (coordinator != null && !network.isPaused(SimulatedCoordinator.ADDRESS)) {
                    coordinator.reset();
                }
            }
        }
    }

    /** Does something after up to two timeouts, unless the chaos has ceased by then. */
    private void after(Runnable what) {
        network.after(random.nextLong(1, 2 * timeoutNanos), () -> {
            if (!ceased) {
                what.run();
            }
        });
    }

    private @Nullable SimulatedProcess any() {
        List<SimulatedProcess> present = simulation.present();
        return present.isEmpty() ? null : present.get(random.nextInt(present.size()));
    }

    /** One that may go, so that there are always as many as the groups expect. */
    private @Nullable SimulatedProcess anyToSpare() {
        long staying = simulation.present().stream()
                .filter(process -> !process.isLeaving())
                .count();
        SimulatedProcess process = any();
        return process == null || process.isLeaving() || staying <= simulation.expectedMembers() ? null : process;
    }

    private void leave() {
        SimulatedProcess process = anyToSpare();
        if (process != null && !network.isPaused(process.address())) {
            simulation.counts().count(SimulatedFault.LEFT);
            process.leave();
        }
    }

    private void crash() {
        SimulatedProcess process = anyToSpare();
        if (process != null) {
            simulation.counts().count(SimulatedFault.MEMBER_CRASHED);
            simulation.say(process + " crashes");
            simulation.kill(process);
        }
    }

    private void restart() {
        if (any() instanceof SimulatedMember member && !member.isLeaving()) {
            simulation.say(member + " is started anew");
            simulation.kill(member);
            simulation.startLater(random.nextBoolean() ? 0 : random.nextLong(2 * timeoutNanos), member.address());
        }
    }

    private void pause() {
        SimulatedProcess process = any();
        if (process != null) {
            simulation.counts().count(SimulatedFault.MEMBER_PAUSED);
            network.pause(process.address());
            after(() -> network.resume(process.address()));
        }
    }

    private void pauseCoordinator() {
        if (simulation.coordinator() != null) {
            simulation.counts().count(SimulatedFault.COORDINATOR_PAUSED);
            network.pause(SimulatedCoordinator.ADDRESS);
            after(() -> network.resume(SimulatedCoordinator.ADDRESS));
        }
    }

    private void restartCoordinator() {
        if (simulation.coordinator() != null) {
            simulation.counts().count(SimulatedFault.COORDINATOR_CRASHED);
            simulation.killCoordinator();
            network.after(random.nextBoolean() ? 1 : random.nextLong(1, 2 * timeoutNanos), () -> {
                simulation.counts().count(SimulatedFault.COORDINATOR_RESTARTED);
                simulation.startCoordinator();
            });
        }
    }

    /** For good where that is found out. */
    private void deafen() {
        SimulatedProcess process = any();
        if (process != null) {
            links.deafen(process.address(), true);
            boolean forGood = random.nextBoolean() && process instanceof SimulatedMember && simulation.findsTheDeaf();
            if (!forGood) {
                deafened.add(process.address());
                after(() -> links.deafen(process.address(), false));
            }
        }
    }

    /** Of those that can find it out; for good where nobody is evicted in the time that it takes, or for a while. */
    private void narrow() {
        if (any() instanceof SimulatedMember member) {
            InetSocketAddress address = member.address();
            links.narrow(address, random.nextInt(PathSizes.LEAST_BYTES, SimulatedCoordinator.LONG_CHUNK_BYTES));
            if (random.nextBoolean() || simulation.evictsSlowMembers()) {
                narrowed.add(address);
                after(() -> links.narrow(address, Integer.MAX_VALUE));
            }
        }
    }

    private void cutOff() {
        Set<InetSocketAddress> some = new HashSet<>();
        for (SimulatedProcess process : simulation.present()) {
            if (random.nextBoolean()) {
                some.add(process.address());
            }
        }
        links.cutOff(some);
        after(links::heal);
    }
}
