package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that come, go, give up and are interrupted all the time while rounds pass. */
@Timeout(120)
class DrivingStressTest {

    private static final int IMPATIENT_CALLERS = 3;
    private static final int ROUNDS = 300;

    private final DrivenSession session = new DrivenSession(Duration.ofMinutes(3));
    private final CountDownLatch haveWaited = new CountDownLatch(IMPATIENT_CALLERS + 1);
    private volatile boolean over;

    @BeforeEach
    void start() throws Exception {
        session.start();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private CompletableFuture<Long> async(SessionDriver driver, long seed) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(waitImpatiently(driver, new SplittableRandom(seed)));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private long waitImpatiently(SessionDriver driver, SplittableRandom random) {
        long waits = 0;
        while (!over) {
            if (random.nextInt(8) == 0) {
                Thread.currentThread().interrupt();
            }
            try {
                driver.await(() -> random.nextInt(16) == 0, driver.nowNanos() + random.nextLong(200_000));
                if (waits++ == 0) {
                    haveWaited.countDown();
                }
            } catch (InterruptedException e) {
                // As wanted.
            }
        }
        return waits;
    }

    @Test
    void roundsPassAndNobodyHangs() throws Exception {
        List<CompletableFuture<Long>> callers = new ArrayList<>();
        for (int i = 0; i < IMPATIENT_CALLERS; i++) {
            callers.add(async(session.memberDriver, i));
        }
        callers.add(async(session.coordinatorDriver, IMPATIENT_CALLERS));
        assertThat(haveWaited.await(DrivenSession.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        for (int i = 0; i < ROUNDS; i++) {
            session.assertRoundPasses();
        }
        over = true;

        assertThat(callers)
                .allSatisfy(caller ->
                        assertThat(caller).succeedsWithin(DrivenSession.LONG).matches(waits -> waits > 0));
        session.assertRoundPasses();
        assertThat(session.memberDriver.failure()).isNull();
        session.awaitDriver(session.memberKeeper());
    }
}
