package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.runtime.DrivenSession.Caller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which thread makes the turns. */
@Timeout(60)
class DrivingTest {

    private final DrivenSession session = new DrivenSession(Duration.ofMillis(20));
    private final AtomicBoolean done = new AtomicBoolean();

    @BeforeEach
    void start() throws Exception {
        session.start();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private void assertHeartbeatsGoOn() {
        long before = session.memberDriver.datagramsSent();
        await().atMost(DrivenSession.LONG).until(() -> session.memberDriver.datagramsSent() > before + 3);
    }

    @Test
    void whoWaitsMakesTheTurnsInItsOwnThread() {
        Caller caller = session.driving(done::get);
        assertHeartbeatsGoOn();
        assertThat(session.memberPort.lastReceiver()).isSameAs(caller.thread);

        session.set(done);
        caller.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoComesSecondLeavesTheTurnsToTheFirst() {
        Caller drives = session.driving(done::get);
        session.waiting(done::get);
        assertHeartbeatsGoOn();

        assertThat(session.memberPort.lastReceiver()).isSameAs(drives.thread);
    }

    @Test
    void theKeeperTakesOverWhenTheLastCallerHasGone() throws Exception {
        Caller caller = session.driving(done::get);
        session.set(done);
        caller.assertOutcome(SessionDriver.Outcome.MET);

        session.awaitDriver(session.memberKeeper());
        assertHeartbeatsGoOn();
        session.assertRoundPasses();
    }

    @Test
    void theKeeperTakesOverThoughItHasFallenAsleepMeanwhile() {
        Caller caller = session.driving(done::get);
        Thread keeper = session.memberKeeper();
        await().atMost(DrivenSession.LONG).until(() -> keeper.getState() == Thread.State.WAITING);
        session.set(done);
        caller.assertOutcome(SessionDriver.Outcome.MET);

        session.awaitDriver(keeper);
        assertHeartbeatsGoOn();
    }

    @Test
    void theKeeperTakesOverWhenTheLastCallerIsInterrupted() {
        Caller caller = session.driving(done::get);
        caller.thread.interrupt();
        caller.assertInterrupted();

        session.awaitDriver(session.memberKeeper());
        assertHeartbeatsGoOn();
    }

    @Test
    void thereIsOneThreadBesideTheCallers() {
        session.driving(done::get);
        session.waiting(done::get);

        assertThat(session.memberKeepers()).hasSize(1);
    }
}
