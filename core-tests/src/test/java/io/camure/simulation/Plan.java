package io.camure.simulation;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.IdleStrategy;
import io.camure.MemberLoss;
import io.camure.SlowMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run is to be like, all of it decided by the seed before it begins.
 *
 * @param members how many there are
 * @param timeout after which either side takes the other for lost
 * @param thinking how long applications do something else, at most
 * @param chunkBytes the longest datagram
 * @param spuriousOneIn how often threads wake up for no reason, which would hide that one was not woken
 * @param faults in the order of their beginnings
 */
record Plan(
        long seed,
        int members,
        Duration timeout,
        Duration thinking,
        int expectedMembers,
        MemberLoss onMemberLoss,
        SlowMember slowMember,
        IdleStrategy idleStrategy,
        int sendWindow,
        int chunkBytes,
        int spuriousOneIn,
        List<Fault.Planned> faults) {

    static final int MOST_MEMBERS = 8;

    private static final int LEAST_CHUNK_BYTES = 508;
    private static final int MOST_CHUNK_BYTES = 1472;

    private static final int MOST_FAULTS = 12;
    private static final int[] SPURIOUS_ONE_IN = {0, 0, 16};

    private static final List<Duration> TIMEOUTS =
            List.of(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(2000));

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int members = random.nextInt(1, MOST_MEMBERS + 1);
        Duration timeout = TIMEOUTS.get(random.nextInt(TIMEOUTS.size()));
        return new Plan(
                seed,
                members,
                timeout,
                timeout.dividedBy(random.nextInt(5, 50)),
                random.nextInt(members + 1),
                random.nextInt(3) == 0 ? MemberLoss.BREAK : MemberLoss.CONTINUE,
                random.nextInt(3) == 0 ? SlowMember.EVICT : SlowMember.WAIT,
                idleStrategy(random.nextInt(8)),
                random.nextInt(4, 64),
                random.nextBoolean() ? LEAST_CHUNK_BYTES : MOST_CHUNK_BYTES,
                SPURIOUS_ONE_IN[random.nextInt(SPURIOUS_ONE_IN.length)],
                faults(random.split(), members, timeout));
    }

    private static IdleStrategy idleStrategy(int choice) {
        return choice == 0 ? IdleStrategy.SPINNING : choice < 4 ? IdleStrategy.ADAPTIVE : IdleStrategy.BLOCKING;
    }

    /** The same with some of its faults only. */
    Plan with(List<Fault.Planned> some) {
        return new Plan(
                seed,
                members,
                timeout,
                thinking,
                expectedMembers,
                onMemberLoss,
                slowMember,
                idleStrategy,
                sendWindow,
                chunkBytes,
                spuriousOneIn,
                some);
    }

    Duration interval() {
        return timeout.dividedBy(5);
    }

    /** How long a look for datagrams takes: much, so that a thread that looks again and again takes few steps. */
    long pollNanos() {
        return idleStrategy == IdleStrategy.SPINNING ? MILLISECONDS.toNanos(2) : MICROSECONDS.toNanos(50);
    }

    private static List<Fault.Planned> faults(SplittableRandom random, int members, Duration timeout) {
        long timeoutNanos = timeout.toNanos();
        List<Supplier<Fault>> kinds = kinds(random, members, timeout);
        List<Fault.Planned> planned = new ArrayList<>();
        long atNanos = 0;
        for (int i = random.nextInt(1, MOST_FAULTS + 1); i > 0; i--) {
            atNanos += random.nextLong(timeoutNanos);
            // Mostly for less than what a timeout takes, or clearly more.
            long forNanos = random.nextLong(1, random.nextBoolean() ? timeoutNanos : 3 * timeoutNanos);
            Fault fault = kinds.get(random.nextInt(kinds.size())).get();
            planned.add(new Fault.Planned(planned.size(), atNanos, forNanos, fault));
        }
        return List.copyOf(planned);
    }

    private static List<Supplier<Fault>> kinds(SplittableRandom random, int members, Duration timeout) {
        List<String> names =
                IntStream.rangeClosed(1, members).mapToObj(World::memberName).toList();
        Supplier<String> member = () -> names.get(random.nextInt(members));
        Supplier<String> any = () -> random.nextInt(3) == 0 ? World.COORDINATOR : member.get();
        Supplier<String> host = () -> random.nextInt(3) == 0 ? World.COORDINATOR_HOSTS.get(0) : member.get();
        long longestDelayMillis = timeout.toMillis() / 4;
        return List.of(
                () -> new Faults.Loss(host.get(), random.nextDouble(0.05, 0.5)),
                () -> new Faults.Duplication(host.get(), random.nextDouble(0.05, 0.5)),
                () -> new Faults.Reordering(host.get(), random.nextDouble(0.05, 0.5)),
                () -> {
                    Duration least = Duration.ofMillis(random.nextLong(longestDelayMillis));
                    return new Faults.Delay(host.get(), least, least.plusMillis(random.nextLong(longestDelayMillis)));
                },
                () -> new Faults.Partition(some(random, names)),
                () -> new Faults.OneWayPartition(host.get()),
                () -> new Faults.Deafness(member.get()),
                () -> new Faults.BlackHole(member.get(), random.nextInt(LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES)),
                () -> new Faults.Pause(any.get()),
                () -> new Faults.MemberCrash(member.get()),
                () -> new Faults.CoordinatorCrash(random.nextBoolean()),
                () -> new Faults.Interrupt(any.get(), random.nextInt(8)));
    }

    /** What faults are called, all of them. */
    static List<String> kindsOfFaults() {
        SplittableRandom random = new SplittableRandom(0);
        return kinds(random, 1, TIMEOUTS.get(0)).stream()
                .flatMap(kind -> Stream.generate(kind).limit(64))
                .map(Fault::kind)
                .distinct()
                .toList();
    }

    private static List<String> some(SplittableRandom random, List<String> names) {
        List<String> some = new ArrayList<>();
        names.forEach(name -> {
            if (random.nextBoolean()) {
                some.add(name);
            }
        });
        return some.isEmpty() ? names : List.copyOf(some);
    }

    /** In nanoseconds. */
    long thinkNanos(SplittableRandom random) {
        return random.nextLong(Math.max(MILLISECONDS.toNanos(1), thinking.toNanos()));
    }
}
