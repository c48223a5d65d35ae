package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import io.camure.protocol.group.SessionSettings;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** For the retry timers of joins and admissions, which are a second at most, one after the other. */
    private static final long RECOVERY_NANOS = SECONDS.toNanos(8);

    private static final long[] TIMEOUTS_NANOS = {MILLISECONDS.toNanos(500), SECONDS.toNanos(2), SECONDS.toNanos(5)};
    private static final int LAST_ROUNDS = 3;
    private static final int LAST_MESSAGES = 5;
    private static final int OLD_MEMBER_NUMBERS = 1 << 20;

    private final SplittableRandom random;
    private final FaultCounts counts = new FaultCounts();
    private final SimulationRecord record = new SimulationRecord(counts);
    private final SimulatedNetwork network;
    private final SimulatedLinks links;
    private final @Nullable SimulationTrace trace;
    private final SimulatedCoordinator.Plan plan;
    private final boolean oldMembers;
    private final long timeoutNanos;
    private final Map<Long, SimulatedProcess> byNumber = new HashMap<>();
    private final Map<InetSocketAddress, SimulatedProcess> legacyByAddress = new HashMap<>();
    private final Map<InetSocketAddress, Long> heardByCoordinatorNanos = new HashMap<>();
    private final Map<InetSocketAddress, Long> heardByMemberNanos = new HashMap<>();
    private final List<SimulatedProcess> present = new ArrayList<>();
    private final SimulatedChaos chaos;
    private @Nullable SimulatedCoordinator coordinator;
    private long coordinatorStartNanos;
    private int started;
    private int awaited;
    private boolean closing;

    Simulation(long seed, @Nullable PrintStream output) {
        random = new SplittableRandom(seed);
        network = new SimulatedNetwork(random.split(), Faults.NONE);
        links = new SimulatedLinks(random.split(), network, SimulatedCoordinator.ADDRESS, counts);
        network.setLink(links);
        trace = output == null ? null : new SimulationTrace(output, network);
        network.setWatcher(new Watcher());
        timeoutNanos = TIMEOUTS_NANOS[random.nextInt(TIMEOUTS_NANOS.length)];
        oldMembers = random.nextInt(3) == 0;
        int members = random.nextInt(10) == 0 ? random.nextInt(8, MOST_MEMBERS) : random.nextInt(1, 8);
        long thinkNanos = timeoutNanos / random.nextLong(20, 200) * (members + 4) / 5;
        plan = new SimulatedCoordinator.Plan(
                new SessionSettings(
                        SimulatedNetwork.MULTICAST,
                        SimulatedCoordinator.CHUNK_BYTES,
                        intervalNanos(),
                        timeoutNanos,
                        2 * MOST_MEMBERS,
                        random.nextInt(2, 64),
                        1 << 20,
                        "coordinator"),
                random.nextInt(1, members + 1),
                random.nextInt(3) == 0,
                new SlowMemberPolicy(timeoutNanos / 2, random.nextInt(3) == 0),
                !oldMembers,
                thinkNanos);
        chaos = new SimulatedChaos(this, network, links, random.split(), timeoutNanos);
        startCoordinator();
        for (int i = 0; i < members; i++) {
            startMember();
        }
        network.addInvariant(this::step);
    }

    private long intervalNanos() {
        return timeoutNanos / 5;
    }

    private final class Watcher implements SimulatedNetwork.Watcher {

        @Override
        public void onSent(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
            if (trace != null) {
                trace.sent(source, destination, bytes);
            }
        }

        @Override
        public void onReceived(InetSocketAddress source, InetSocketAddress destination, byte[] bytes) {
            if (destination.equals(SimulatedCoordinator.ADDRESS)) {
                heardByCoordinatorNanos.put(source, network.nowNanos());
            } else {
                heardByMemberNanos.put(destination, network.nowNanos());
            }
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
        recover();
        close();
        return counts;
    }

    /** Everything must come right within a bounded time: all are in, and go on together. */
    private void recover() {
        SimulatedCoordinator living = startCoordinator();
        long endNanos = network.nowNanos() + 3 * timeoutNanos + RECOVERY_NANOS;
        // Until then datagrams of the time before may arrive.
        network.runFor(timeoutNanos);
        network.runUntil(endNanos, () -> areAllIn(living));
        long lastRound = living.life().rounds() + LAST_ROUNDS;
        Set<SimulatedProcess> receivers = Set.copyOf(present);
        living.finish(LAST_MESSAGES);
        network.runUntil(endNanos, () -> haveGoneOn(living, lastRound, receivers));
        boolean goneOn = haveGoneOn(living, lastRound, receivers);
        // Meanwhile a member of 0.1 may have lost its patience with what was before, and is being replaced.
        network.runUntil(endNanos, () -> areAllIn(living));
        if (!goneOn || !areAllIn(living)) {
            throw new AssertionError("has not come right: " + describe(living, lastRound));
        }
    }

    private boolean areAllIn(SimulatedCoordinator living) {
        if (awaited > 0) {
            return false;
        }
        Set<Long> numbers = new HashSet<>();
        for (SimulatedProcess process : present) {
            if (!process.isIn()) {
                return false;
            }
            numbers.add(process.number());
        }
        return numbers.size() >= plan.expectedMembers()
                && numbers.equals(numbers(living.barrier()))
                && numbers.equals(numbers(living.broadcast()));
    }

    /** @param receivers those who were in before the last messages; whoever replaces one may have come behind them */
    private boolean haveGoneOn(SimulatedCoordinator living, long lastRound, Set<SimulatedProcess> receivers) {
        return living.isFinished()
                && present.stream()
                        .allMatch(process -> process.hasCompleted(lastRound)
                                && (!receivers.contains(process)
                                        || process.hasGot(living.life().lastWhole())));
    }

    private Set<Long> numbers(ManagedGroup<?> group) {
        Set<Long> numbers = new HashSet<>();
        group.memberships().forEach(membership -> {
            SimulatedProcess process = processOf(membership);
            // Who was welcomed and has not answered is not in yet.
            numbers.add(process == null || !membership.isMember() ? -1 : process.number());
        });
        return numbers;
    }

    private String describe(SimulatedCoordinator living, long lastRound) {
        StringBuilder text = new StringBuilder("round " + living.life().rounds() + " of " + lastRound + ", message "
                + living.life().messagesBegun() + ", finished: " + living.isFinished() + ", in barrier: "
                + numbers(living.barrier()) + ", missing: "
                + living.barrier().work().missingMembers()
                + ", in broadcast: " + numbers(living.broadcast()) + ", not up to date:");
        for (SimulatedProcess process : present) {
            if (!process.hasCompleted(lastRound)
                    || !process.hasGot(living.life().lastWhole())) {
                text.append(' ').append(process);
            }
        }
        return text.toString();
    }

    /** All who are in learn that the groups are closed. */
    private void close() {
        SimulatedCoordinator living = startCoordinator();
        closing = true;
        say("the groups are closed");
        living.close();
        network.runUntil(
                network.nowNanos() + RECOVERY_NANOS,
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
            checkWhoIsTakenForAlive(coordinator);
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
        checkCoordinatorIsTakenForAlive();
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

    private void checkWhoIsTakenForAlive(SimulatedCoordinator living) {
        if (network.isPaused(SimulatedCoordinator.ADDRESS)) {
            return;
        }
        long since = Math.max(coordinatorStartNanos, network.resumedNanos(SimulatedCoordinator.ADDRESS));
        for (Membership membership : living.barrier().memberships()) {
            long heardNanos = heardByCoordinatorNanos.getOrDefault(membership.address(), 0L);
            if (network.nowNanos() > Math.max(since, heardNanos) + timeoutNanos + intervalNanos()) {
                throw new AssertionError(membership.address() + " is taken for alive by the coordinator");
            }
        }
        int mostMembers = plan.settings().maximumMembers();
        if (living.session().peerCount() > mostMembers
                || living.barrier().memberships().size() > mostMembers
                || living.broadcast().memberships().size() > mostMembers) {
            throw new AssertionError("more members than the session may have");
        }
    }

    private void checkCoordinatorIsTakenForAlive() {
        for (SimulatedProcess process : present) {
            InetSocketAddress address = process.address();
            if (process instanceof SimulatedMember member && member.isInSession() && !network.isPaused(address)) {
                long heardNanos = heardByMemberNanos.getOrDefault(address, 0L);
                long since = Math.max(heardNanos, network.resumedNanos(address));
                if (network.nowNanos() > since + timeoutNanos + intervalNanos()) {
                    throw new AssertionError("the coordinator is taken for alive by " + member);
                }
            }
        }
    }

    private @Nullable SimulatedProcess processOf(Membership membership) {
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
            coordinatorStartNanos = network.nowNanos();
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
                plan.thinkNanos());
        byNumber.put(member.number(), member);
        present.add(member);
        say(member + " is started");
    }

    List<SimulatedProcess> present() {
        return present;
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
