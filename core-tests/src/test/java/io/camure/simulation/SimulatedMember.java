package io.camure.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.CoordinatorLocator;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Rejoin;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** A member that joins again what it has lost, and its application. */
final class SimulatedMember extends SimulatedNode<MemberSite> {

    static final Duration LONGEST_REJOIN_INTERVAL = Duration.ofMillis(400);

    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(3);

    /** What the interface promises: a quarter of a second for its goodbyes, and two for a try to end. */
    private static final Duration LONGEST_CLOSE = Duration.ofMillis(2250);

    private final String name;
    private final ListenersInTurn listening;

    SimulatedMember(World world, String name, SplittableRandom random, ListenersInTurn listening) {
        super(world, name, random);
        this.name = name;
        this.listening = listening;
    }

    @Override
    String hostName() {
        return name;
    }

    @Override
    MemberSite newSite(SeededProcess process, SimulatedHost on, SplittableRandom withRandom) {
        return new MemberSite(world, process, on, withRandom);
    }

    @Override
    void live(MemberSite in) throws Exception {
        Plan plan = world.plan();
        MemberConfig config = MemberConfig.builder()
                .name(in.process().toString())
                .network(in.host())
                .joinTimeout(JOIN_TIMEOUT)
                .messageTimeout(MESSAGE_TIMEOUT)
                .coordinatorTimeout(plan.timeout())
                .receiveWindow(128)
                .rejoin(Rejoin.backOff(Duration.ofMillis(50), LONGEST_REJOIN_INTERVAL))
                .idleStrategy(plan.idleStrategy())
                .executor(task -> in.process().newThread(in + "-future", task).start())
                .build();
        CoordinatorLocator locator = locator(in);
        Member member = in.untilDone(() -> in.call("join", JOIN_TIMEOUT, () -> Member.join(locator, config)));
        if (member != null) {
            in.joined(member);
            member.addListener(listening.at(in));
            world.workloads().forEach(workload -> workload.atMember(in));
            world.awaitEnding(in);
            in.call("close", LONGEST_CLOSE, () -> {
                member.close();
                return null;
            });
        }
    }

    /** Knows where the coordinator is, at times among others, and at times only after a while. */
    private CoordinatorLocator locator(MemberSite in) {
        SplittableRandom random = in.random().split();
        return () -> {
            if (random.nextInt(4) == 0) {
                in.process().sleep(random.nextLong(MILLISECONDS.toNanos(100)));
            }
            InetSocketAddress address = world.coordinator().address();
            return random.nextBoolean()
                    ? List.of(address)
                    : World.COORDINATOR_HOSTS.stream()
                            .map(world.coordinator()::address)
                            .toList();
        };
    }
}
