package io.camure.benchmarks.micro;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.Member;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * What it costs a thread that waits at a barrier that another one waits at another barrier of the same node: the time from
 * the release to the return, of one thread alone and of two, in turns in one process. The first of the two to be released
 * drives, and leaves the other one without a driver when it goes. Run it by
 *
 * <pre>java -cp 'benchmarks/target/classes:benchmarks/target/lib/*' io.camure.benchmarks.micro.TwoBarriersBenchmark</pre>
 */
public final class TwoBarriersBenchmark {

    private static final int ROUNDS = 1000;
    private static final int REPETITIONS = 7;
    private static final long INTERVAL_NANOS = 2_000_000;

    private final Coordinator coordinator = Coordinator.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new InetSocketAddress("239.255.74.0", 7499));
    private final Member member = Member.join(coordinator.address());
    private final List<CoordinatorBarrier> barriers = new ArrayList<>();
    private final List<Barrier> joined = new ArrayList<>();

    private TwoBarriersBenchmark() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            barriers.add(coordinator.createBarrier(
                    GroupConfig.builder().id(i).expectedMembers(1).build()));
            joined.add(member.joinBarrier(i));
        }
    }

    /** A thread of the member that goes through rounds, and how long after the release each one was over for it. */
    private static final class Waiter extends Thread {

        private final Barrier barrier;
        private final long workNanos;
        private final long[] latencies = new long[ROUNDS];
        private volatile long releasedNanos;

        private Waiter(Barrier barrier, long workNanos) {
            this.barrier = barrier;
            this.workNanos = workNanos;
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    barrier.await();
                    latencies[i] = System.nanoTime() - releasedNanos;
                    LockSupport.parkNanos(workNanos);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return the latencies of all threads, in order */
    private long[] measure(int threads, long workNanos) throws InterruptedException, ExecutionException {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Waiter waiter = new Waiter(joined.get(i), workNanos);
            waiter.start();
            waiters.add(waiter);
        }
        for (int round = 0; round < ROUNDS; round++) {
            LockSupport.parkNanos(INTERVAL_NANOS);
            for (int i = 0; i < threads; i++) {
                while (barriers.get(i).progress().arrived().isEmpty()) {
                    Thread.yield();
                }
            }
            for (int i = 0; i < threads; i++) {
                waiters.get(i).releasedNanos = System.nanoTime();
                barriers.get(i).awaitAsync().get();
            }
        }
        for (Waiter waiter : waiters) {
            waiter.join();
        }
        return waiters.stream()
                .flatMapToLong(waiter -> LongStream.of(waiter.latencies))
                .sorted()
                .toArray();
    }

    private void report(String what, long workNanos) throws InterruptedException, ExecutionException {
        double[] alone = new double[REPETITIONS];
        double[] two = new double[REPETITIONS];
        double[] ratios = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            alone[i] = median(measure(1, workNanos));
            two[i] = median(measure(2, workNanos));
            ratios[i] = two[i] / alone[i];
        }
        System.out.printf(
                "%s: p50 alone %.0f us, two %.0f us, ratio %.2f (medians of %d runs of %d rounds)%n",
                what, middle(alone) / 1000, middle(two) / 1000, middle(ratios), REPETITIONS, ROUNDS);
    }

    /** The time of a round that follows the one before at once. */
    private double measureRounds() throws InterruptedException, ExecutionException {
        FutureTask<Long> rounds = new FutureTask<>(() -> {
            long startNanos = System.nanoTime();
            for (int i = 0; i < ROUNDS; i++) {
                joined.get(0).await();
            }
            return System.nanoTime() - startNanos;
        });
        new Thread(rounds).start();
        for (int i = 0; i < ROUNDS; i++) {
            barriers.get(0).await();
        }
        return (double) rounds.get() / ROUNDS;
    }

    private void reportBesideOneThatIsNeverServed() throws InterruptedException, ExecutionException {
        double[] alone = new double[REPETITIONS];
        double[] beside = new double[REPETITIONS];
        double[] ratios = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            alone[i] = measureRounds();
            Thread idle = new Thread(() -> {
                try {
                    joined.get(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            idle.start();
            beside[i] = measureRounds();
            idle.interrupt();
            idle.join();
            ratios[i] = beside[i] / alone[i];
        }
        System.out.printf(
                "rounds one after the other: alone %.0f us, beside one that waits for ever %.0f us, ratio %.2f%n",
                middle(alone) / 1000, middle(beside) / 1000, middle(ratios));
    }

    private static double median(long[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void close() {
        member.close();
        coordinator.close();
    }

    /** Measures threads that come right back, and threads that do something else for a while. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        TwoBarriersBenchmark benchmark = new TwoBarriersBenchmark();
        try {
            benchmark.measure(2, 0);
            benchmark.report("who comes right back", 0);
            benchmark.report("who comes back after 300 us", 300_000);
            benchmark.reportBesideOneThatIsNeverServed();
        } finally {
            benchmark.close();
        }
    }
}
