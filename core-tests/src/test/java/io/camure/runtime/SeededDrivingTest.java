package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.simulation.SeededProcess;
import io.camure.simulation.SeededScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers that wait, are served, give up, are interrupted and meet the end of the session, in an order that a seed decides. A
 * failure names its seed: {@code -Dcamure.driving.seed=42} runs that one alone.
 */
@Timeout(120)
class SeededDrivingTest {

    private static final int SEEDS = 100;

    /** Less than the keeper's linger: nobody who is to be served waits for that. */
    private static final long PROMPT_NANOS = MICROSECONDS.toNanos(500);

    private static final int ROUNDS = 4;

    private interface Scenario {

        void run(SeededProcess execution, DrivenSession session, Random random) throws Exception;
    }

    private static void play(Scenario scenario) throws Exception {
        Long only = Long.getLong("camure.driving.seed");
        long first = only == null ? 0 : only;
        long last = only == null ? SEEDS - 1 : only;
        for (long seed = first; seed <= last; seed++) {
            SeededScheduler scheduler = new SeededScheduler(seed, 16);
            SeededProcess execution = scheduler.process("driving test");
            DrivenSession session =
                    new DrivenSession(Duration.ofMinutes(3), SessionDriver.Idle.values()[(int) (seed % 3)], execution);
            Random random = new Random(seed);
            execution.start("scenario", false, () -> {
                session.start();
                scenario.run(execution, session, random);
                session.close();
            });
            scheduler.run();
            assertThat(session.memberDriver.failure()).as("seed %d", seed).isNull();
            assertThat(session.memberPort.receivers())
                    .as("seed %d: threads that drove", seed)
                    .noneMatch(execution::isVirtual);
        }
    }

    /** Waits that end, and when. */
    private static final class Waits {

        private final SeededProcess execution;
        private final DrivenSession session;
        private final List<Thread> threads = new ArrayList<>();
        private boolean stop;

        private Waits(SeededProcess execution, DrivenSession session) {
            this.execution = execution;
            this.session = session;
        }

        /** Waits for the end of the scenario. */
        void background(String name, boolean virtual) {
            threads.add(execution.start(name, virtual, () -> {
                while (!stop) {
                    try {
                        session.memberDriver.await(() -> stop, Long.MAX_VALUE);
                    } catch (InterruptedException e) {
                        // Waits anew.
                    }
                }
            }));
        }

        /** Gives up again and again, and comes back at once or later. */
        void impatient(String name, boolean virtual, Random random) {
            threads.add(execution.start(name, virtual, () -> {
                while (!stop) {
                    long deadlineNanos = session.memberDriver.nowNanos() + random.nextLong(MILLISECONDS.toNanos(2));
                    try {
                        session.memberDriver.await(() -> stop, deadlineNanos);
                        assertThat(session.memberDriver.nowNanos() - deadlineNanos)
                                .as("how late a wait of %s has ended", name)
                                .isLessThan(PROMPT_NANOS);
                    } catch (InterruptedException e) {
                        // Waits anew.
                    }
                    if (random.nextBoolean()) {
                        execution.sleep(random.nextLong(MILLISECONDS.toNanos(2)));
                    }
                }
            }));
        }

        void end() throws InterruptedException {
            session.memberDriver.execute(nowNanos -> {
                stop = true;
                return null;
            });
            for (Thread thread : threads) {
                execution.join(thread);
            }
        }
    }

    /** A caller arrives and waits in a thread of its own, and is released at once when the coordinator arrives. */
    private static void passRound(SeededProcess execution, DrivenSession session, boolean virtual, long pauseNanos)
            throws Exception {
        SessionDriver driver = session.memberDriver;
        long[] releasedNanos = {0};
        Thread caller = execution.start("caller", virtual, () -> {
            long round = session.arriveAtMember();
            long arrivedNanos = driver.nowNanos();
            driver.await(() -> session.joined.work().outcome().round() >= round, Long.MAX_VALUE);
            assertThat(driver.nowNanos() - Math.max(arrivedNanos, releasedNanos[0]))
                    .as("time from the release to the return")
                    .isLessThan(PROMPT_NANOS);
        });
        execution.sleep(pauseNanos);
        releasedNanos[0] = driver.nowNanos();
        long round = session.arriveAtCoordinator();
        DrivenSession.awaitMet(
                session.coordinatorDriver,
                () -> session.barrier.work().outcome().round() >= round);
        execution.join(caller);
    }

    @Test
    void whoWaitsIsServedAtOnceWhoeverElseComesAndGoes() throws Exception {
        play((execution, session, random) -> {
            Waits waits = new Waits(execution, session);
            if (random.nextBoolean()) {
                waits.background("background", random.nextBoolean());
            }
            waits.impatient("impatient-1", random.nextBoolean(), random);
            waits.impatient("impatient-2", random.nextBoolean(), random);
            for (int i = 0; i < ROUNDS; i++) {
                passRound(execution, session, random.nextBoolean(), random.nextLong(MILLISECONDS.toNanos(3)));
            }
            waits.end();
        });
    }

    @Test
    void whoWaitsIsServedAtOnceThoughOthersAreInterrupted() throws Exception {
        play((execution, session, random) -> {
            Waits waits = new Waits(execution, session);
            waits.background("background-1", random.nextBoolean());
            waits.background("background-2", random.nextBoolean());
            Thread nuisance = execution.start("nuisance", false, () -> {
                while (!waits.stop) {
                    int first = random.nextInt(2);
                    waits.threads.get(first).interrupt();
                    if (random.nextBoolean()) {
                        // One may be about to take the role from the other.
                        waits.threads.get(1 - first).interrupt();
                    }
                    execution.sleep(random.nextLong(MILLISECONDS.toNanos(1)));
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                passRound(execution, session, random.nextBoolean(), random.nextLong(MILLISECONDS.toNanos(3)));
            }
            waits.end();
            execution.join(nuisance);
        });
    }

    @Test
    void whoIsLeftIsServedAtOnceWhenAllOthersGoInTheSameMoment() throws Exception {
        play((execution, session, random) -> {
            List<Thread> leaving = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                leaving.add(execution.start(
                        "leaving-" + i,
                        false,
                        () -> assertThatExceptionOfType(InterruptedException.class)
                                .isThrownBy(() -> session.memberDriver.await(() -> false, Long.MAX_VALUE))));
            }
            // Before or after the keeper has fallen asleep, and about when the caller is released.
            long pauseNanos = random.nextLong(MILLISECONDS.toNanos(8));
            Thread leaver = execution.start("leaver", false, () -> {
                execution.sleep(pauseNanos - random.nextLong(MICROSECONDS.toNanos(200)));
                leaving.forEach(Thread::interrupt);
            });
            passRound(execution, session, random.nextInt(4) > 0, pauseNanos);
            execution.join(leaver);
            for (Thread thread : leaving) {
                execution.join(thread);
            }
        });
    }

    @Test
    void closingEndsEveryWaitAtOnce() throws Exception {
        play((execution, session, random) -> {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                callers.add(execution.start(
                        "caller-" + i,
                        random.nextBoolean(),
                        () -> assertThat(session.memberDriver.await(() -> false, Long.MAX_VALUE))
                                .isEqualTo(SessionDriver.Outcome.ENDED)));
            }
            execution.sleep(random.nextLong(MILLISECONDS.toNanos(8)));
            long closedNanos = session.memberDriver.nowNanos();
            Thread second = execution.start("second", true, session.memberDriver::close);
            session.memberDriver.close();
            for (Thread caller : callers) {
                execution.join(caller);
            }
            execution.join(second);
            assertThat(session.memberDriver.nowNanos() - closedNanos)
                    .as("time to close")
                    .isLessThan(PROMPT_NANOS);
            assertThat(session.memberPort.isClosed()).isTrue();
        });
    }
}
