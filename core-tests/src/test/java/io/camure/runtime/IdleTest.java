package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.simulation.SeededProcess;
import io.camure.simulation.SeededScheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session in which nothing happens wakes up for its heartbeats only. */
@Timeout(60)
class IdleTest {

    private static final int SECONDS = 60;

    /** Of a member one ends when its heartbeat is due, and one with the coordinator's answer. */
    private static final int WAITS_PER_HEARTBEAT = 2;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SPINNING")
    void aSessionWithAHeartbeatOfASecondWakesUpAboutOnceASecond(SessionDriver.Idle idle) throws Exception {
        SeededScheduler scheduler = new SeededScheduler(1, 16);
        SeededProcess execution = scheduler.process("idle test");
        DrivenSession session = new DrivenSession(Duration.ofSeconds(1), idle, execution);
        int[] waits = new int[2];
        execution.start("scenario", false, () -> {
            session.start();
            session.assertRoundPasses();
            // What is due behind a round is over then.
            execution.sleep(TimeUnit.SECONDS.toNanos(2));
            int memberBefore = session.memberPort.waits();
            int coordinatorBefore = session.coordinatorPort.waits();
            execution.sleep(TimeUnit.SECONDS.toNanos(SECONDS));
            waits[0] = session.memberPort.waits() - memberBefore;
            waits[1] = session.coordinatorPort.waits() - coordinatorBefore;
            session.close();
        });
        scheduler.run();

        assertThat(waits[0]).as("waits of the member").isBetween(1, WAITS_PER_HEARTBEAT * SECONDS);
        assertThat(waits[1]).as("waits of the coordinator").isBetween(1, WAITS_PER_HEARTBEAT * SECONDS);
    }
}
