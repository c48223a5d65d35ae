package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Membership;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.GroupDelivery;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of a coordinator and up to fifty members in virtual time: first with all the faults that the seed gives, then
 * without any, when everything must come right within a bounded time, and at last the groups are closed.
 *
 * <p>After each event it is checked that nobody has left a round before all its participants arrived, that all who learn
 * of its end learn the same, that each membership gets each message once, whole and in order, and that nobody takes the
 * other side for alive for longer than is allowed.
 */
final class Simulation {

    static final int MOST_MEMBERS = 50;

    private static final long[] TIMEOUTS_NANOS = {MILLISECONDS.toNanos(500), SECONDS.toNanos(2), SECONDS.toNanos(5)};
    private static final int OLD_MEMBER_NUMBERS = 1 << 20;

    private final SplittableRandom random;
    private final FaultCounts counts = new FaultCounts();
    private final SimulationRecord record = new SimulationRecord(counts);
    private final SimulatedNetwork network;
    private final SimulatedLinks links;
    private final @Nullable SimulationTrace trace;
    private final SimulatedCoordinator.Plan plan;
    private final GroupDelivery delivery;
    private final boolean oldMembers;
    private final long timeoutNanos;
    private final Map<Long, SimulatedProcess> byNumber = new HashMap<>();
    private final Map<InetSocketAddress, SimulatedProcess> legacyByAddress = new HashMap<>();
    private final List<SimulatedProcess> present = new ArrayList<>();
    private final SimulationLiveness liveness;
    private final SimulatedChaos chaos;
    private final SimulatedEavesdroppers eavesdroppers;
    private @Nullable SimulatedCoordinator coordinator;
    private int started;
    private int awaited;
    private boolean closing;

    Simulation(long seed, @Nullable PrintStream output) {
        random = new SplittableRandom(seed);
        network = new SimulatedNetwork(random.split(), Faults.NONE);
        links = new SimulatedLinks(random.split(), network, SimulatedCoordinator.ADDRESS, counts);
        network.setLink(links);
        network.deafenIf((receiver, bytes) -> links.isDeaf(receiver));
        delivery = GroupDelivery.values()[Math.floorMod(seed, GroupDelivery.values().length)];
        trace = output == null ? null : new SimulationTrace(output, network);
        network.setWatcher(new Watcher());
        timeoutNanos = TIMEOUTS_NANOS[random.nextInt(TIMEOUTS_NANOS.length)];
        oldMembers = random.nextInt(3) == 0;
        int members = random.nextInt(10) == 0 ? random.nextInt(8, MOST_MEMBERS) : random.nextInt(1, 8);
        long thinkNanos = timeoutNanos / random.nextLong(20, 200) * (members + 4) / 5;
        plan = new SimulatedCoordinator.Plan(
                new SessionSettings(
                        SimulatedNetwork.MULTICAST,
                        PathSizes.given(
                                random.nextBoolean()
                                        ? SimulatedCoordinator.SHORT_CHUNK_BYTES
                                        : SimulatedCoordinator.LONG_CHUNK_BYTES),
                        intervalNanos(),
                        timeoutNanos,
                        timeoutNanos / 2,
                        2 * MOST_MEMBERS,
                        random.nextInt(2, 64),
                        1 << 20,
                        "coordinator",
                        delivery,
                        oldMembers),
                random.nextInt(1, members + 1),
                random.nextInt(3) == 0,
                new SlowMemberPolicy(timeoutNanos / 2, random.nextInt(3) == 0),
                !oldMembers,
                thinkNanos,
                oldMembers ? null : SimulatedCoordinator.Sealing.of(seed, timeoutNanos));
        eavesdroppers = new SimulatedEavesdroppers(network, counts);
        liveness = new SimulationLiveness(network, timeoutNanos, intervalNanos());
        chaos = new SimulatedChaos(this, network, links, random.split(), timeoutNanos);
        startCoordinator();
        for (int i = 0; i < members; i++) {
            startMember();
        }
        network.addInvariant(this::step);
        new SimulatedOutsider(network, SimulatedCoordinator.ADDRESS, timeoutNanos, plan.sealing());
        if (!oldMembers) {
            new SimulatedStranger(network, random.split(), this::present, timeoutNanos / 4);
        }
    }

    /** Whether who hears nothing by multicast is served nevertheless. */
    boolean findsTheDeaf() {
        return delivery != GroupDelivery.MULTICAST;
    }

    boolean evictsSlowMembers() {
        return plan.slowMemberPolicy().evicts();
    }

    private long intervalNanos() {
        return timeoutNanos / 5;
    }

    private final class Watcher implements SimulatedNetwork.Watcher {

        @Override
        public void onSent(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
            eavesdroppers.onSent(destination, bytes);
            if (trace != null) {
                trace.sent(source, destination, bytes);
            }
        }

        @Override
        public void onReceived(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
            liveness.onReceived(source, destination);
            if (trace != null) {
                trace.received(source, destination, bytes);
            }
        }

        @Override
        public void onEvents(InetSocketAddress node, List<SessionEvent> events) {
            if (trace != null) {
                events.forEach(event -> trace.say(node + " tells " + event));
            }
        }
    }

    void say(String what) {
        if (trace != null) {
            trace.say(what);
        }
    }

    /** What is to happen in it. */
    List<SimulatedChaos.Planned> plan() {
        return chaos.plan();
    }

    FaultCounts run() {
        return run(planned -> true);
    }

    /** @param chosen which of what is planned happens */
    FaultCounts run(Predicate<SimulatedChaos.Planned> chosen) {
        network.runUntil(chaos.schedule(chosen), () -> false);
        say("the faults cease");
        chaos.cease();
        // Who goes on now may have ended a round by what it had not heard.
        step();
        new SimulationRecovery(this, network, timeoutNanos).run();
        close();
        return counts;
    }

    /** All who are in learn that the groups are closed. */
    private void close() {
        SimulatedCoordinator living = startCoordinator();
        closing = true;
        say("the groups are closed");
        living.close();
        network.runUntil(
                network.nowNanos() + SimulationRecovery.RETRIES_NANOS,
                () -> present.stream()
                        .allMatch(process -> !(process instanceof SimulatedMember member) || member.knowsOfClosing()));
        for (SimulatedProcess process : present) {
            if (process instanceof SimulatedMember member && !member.knowsOfClosing()) {
                throw new AssertionError(member + " does not know that the groups are closed");
            }
        }
    }

    private void step() {
        // First: what it has done may be told in the same turn.
        if (coordinator != null) {
            coordinator.step();
            eavesdroppers.step(coordinator);
            if (!network.isPaused(SimulatedCoordinator.ADDRESS)) {
                liveness.checkMembersOf(coordinator);
                checkNumberOfMembers(coordinator);
            }
        }
        for (int i = present.size() - 1; i >= 0; i--) {
            SimulatedProcess process = present.get(i);
            process.step();
            if (process.isOver()) {
                present.remove(i);
                say(process + " has ended");
                if (!process.isLeaving() && !closing) {
                    replace(process);
                }
            }
        }
        liveness.checkCoordinatorOf(present);
    }

    /** Its application tries again after a while, on the same address or another. */
    private void replace(SimulatedProcess ended) {
        boolean same = ended instanceof SimulatedMember && random.nextBoolean();
        startLater(random.nextLong(1, timeoutNanos), same ? ended.address() : null);
    }

    /** @param address where another one was, or {@code null} for one that none had */
    void startLater(long delayNanos, @Nullable InetSocketAddress address) {
        awaited++;
        network.after(delayNanos, () -> {
            awaited--;
            if (address == null) {
                startMember();
            } else {
                restartMember(address);
            }
        });
    }

    private void checkNumberOfMembers(SimulatedCoordinator living) {
        int mostMembers = plan.settings().maximumMembers();
        if (living.session().peerCount() > mostMembers
                || living.barrier().memberships().size() > mostMembers
                || living.broadcast().memberships().size() > mostMembers) {
            throw new AssertionError("more members than the session may have");
        }
    }

    @Nullable
    SimulatedProcess processOf(Membership membership) {
        long number = membership.peer().incarnation();
        return number == 0 ? legacyByAddress.get(membership.address()) : byNumber.get(number);
    }

    /** Whether the application of a member has arrived, in the membership for which it is taken. */
    private boolean hasArrived(Membership member, long round) {
        SimulatedProcess process = processOf(member);
        return process != null && process.hasArrived(round, member.number());
    }

    /** Starts the coordinator unless it lives. */
    SimulatedCoordinator startCoordinator() {
        SimulatedCoordinator living = coordinator;
        if (living == null) {
            living = new SimulatedCoordinator(network, record, random.split(), plan, this::processOf, this::hasArrived);
            coordinator = living;
            liveness.onCoordinatorStarted();
        }
        return living;
    }

    /** Those of 0.1 can't tell it from the next one, so that they have to be started anew with it. */
    void killCoordinator() {
        network.kill(SimulatedCoordinator.ADDRESS);
        coordinator = null;
        for (SimulatedProcess process : List.copyOf(present)) {
            if (process instanceof SimulatedLegacyMember) {
                kill(process);
                replace(process);
            }
        }
    }

    void kill(SimulatedProcess process) {
        network.kill(process.address());
        present.remove(process);
    }

    /** Starts a member, mostly a negotiated one, on an address that none had. */
    void startMember() {
        if (present.size() >= MOST_MEMBERS) {
            return;
        }
        started++;
        InetSocketAddress address =
                new InetSocketAddress("10.0.0." + (1 + started / 50_000), 10_000 + started % 50_000);
        if (oldMembers && random.nextInt(4) == 0) {
            long number = 2L * OLD_MEMBER_NUMBERS + 2L * started;
            links.neverDouble(address);
            SimulatedLegacyMember member = new SimulatedLegacyMember(
                    network, record, random.split(), number, address, SimulatedCoordinator.ADDRESS, plan.thinkNanos());
            legacyByAddress.put(address, member);
            present.add(member);
            say(member + " is started");
        } else {
            startMember(address);
        }
    }

    private void restartMember(InetSocketAddress address) {
        counts.count(SimulatedFault.MEMBER_RESTARTED);
        network.kill(address);
        started++;
        startMember(address);
    }

    private void startMember(InetSocketAddress address) {
        SimulatedMember member = new SimulatedMember(
                network,
                record,
                random.split(),
                // Its upper half is where the numbers of memberships begin.
                (long) random.nextInt() << Integer.SIZE | 2L * started + 1,
                address,
                SimulatedCoordinator.ADDRESS,
                timeoutNanos,
                plan);
        byNumber.put(member.number(), member);
        eavesdroppers.add(member);
        present.add(member);
        say(member + " is started");
    }

    List<SimulatedProcess> present() {
        return present;
    }

    /** Whether members are yet to be started. */
    boolean awaitsMembers() {
        return awaited > 0;
    }

    @Nullable
    SimulatedCoordinator coordinator() {
        return coordinator;
    }

    FaultCounts counts() {
        return counts;
    }

    int expectedMembers() {
        return plan.expectedMembers();
    }
}
