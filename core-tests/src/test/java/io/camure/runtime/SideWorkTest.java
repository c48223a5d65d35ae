package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import io.camure.transport.Execution;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done beside a session: on few threads, not under its lock, and not for ever. */
class SideWorkTest {

    private static final String NAME = "camure-side-work-test";

    private final DrivenSession session = new DrivenSession(Duration.ofMillis(100), SessionDriver.Idle.ADAPTIVE);
    private final AtomicLong lateNanos = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private final SideWork work = new SideWork(NAME, new LateExecution(), () -> session.coordinatorDriver);

    /** The one of the session, by which so much time has passed as a test says. */
    private final class LateExecution implements Execution {

        private final Execution real = session.coordinatorDriver.execution();

        @Override
        public long nanoTime() {
            return real.nanoTime() + lateNanos.get();
        }

        @Override
        public void park(Object blocker) {
            real.park(blocker);
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            real.parkNanos(blocker, nanos);
        }

        @Override
        public void unpark(Thread thread) {
            real.unpark(thread);
        }

        @Override
        public Thread newThread(String name, Runnable task) {
            return real.newThread(name, task);
        }

        @Override
        public void join(Thread thread) throws InterruptedException {
            real.join(thread);
        }

        @Override
        public boolean isVirtual(Thread thread) {
            return real.isVirtual(thread);
        }

        @Override
        public RandomGenerator newRandom() {
            return real.newRandom();
        }
    }

    @BeforeEach
    void start() throws Exception {
        session.start();
    }

    @AfterEach
    void close() {
        released.countDown();
        await().atMost(Loopback.LONG).until(() -> threads() == 0);
        session.close();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(NAME))
                .count();
    }

    /** Waits until it is interrupted, or the test is over. */
    private void block() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theSessionGoesOnMeanwhileAndTakesTheResultAsItsOwn() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        assertThat(work.submit(this::block, nowNanos -> taken.countDown())).isTrue();
        session.assertRoundPasses();
        assertThat(taken.getCount()).isOne();

        released.countDown();

        await().atMost(Loopback.LONG).until(() -> taken.getCount() == 0);
    }

    @Test
    void thereAreFewThreadsAndNoneWhenNothingIsToBeDone() {
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            work.submit(this::block, nowNanos -> done.incrementAndGet());
        }
        assertThat(threads()).isEqualTo(SideWork.MOST_THREADS);

        released.countDown();

        await().atMost(Loopback.LONG).until(() -> done.get() == 10 && threads() == 0);
    }

    @Test
    void moreThanThereIsRoomForIsNotTaken() {
        int taken = 0;
        while (taken < 2 * SideWork.CAPACITY && work.submit(this::block, nowNanos -> {})) {
            taken++;
        }

        assertThat(taken).isBetween(SideWork.CAPACITY, SideWork.CAPACITY + SideWork.MOST_THREADS);
    }

    @Test
    void whatLastsForTooLongIsInterruptedForThoseThatWait() {
        Queue<String> done = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(SideWork.MOST_THREADS);
        for (int i = 0; i < SideWork.MOST_THREADS; i++) {
            work.submit(
                    () -> {
                        begun.countDown();
                        block();
                    },
                    nowNanos -> done.add("interrupted"));
        }
        await().atMost(Loopback.LONG).until(() -> begun.getCount() == 0);
        lateNanos.set(Duration.ofSeconds(10).toNanos());
        work.submit(() -> done.add("not interrupted: " + !Thread.currentThread().isInterrupted()), nowNanos -> {});

        await().atMost(Loopback.LONG).until(() -> done.contains("not interrupted: true"));
    }

    @Test
    void whatFailsKeepsNothingElseFromBeingDone() {
        AtomicInteger done = new AtomicInteger();
        work.submit(
                () -> {
                    throw new IllegalStateException("of a test");
                },
                nowNanos -> done.incrementAndGet());
        work.submit(() -> {}, nowNanos -> done.incrementAndGet());

        await().atMost(Loopback.LONG).until(() -> done.get() == 2);
    }
}
