package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.runtime.DrivenSession.Caller;
import io.camure.wire.ChunkType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody who waits is forgotten when somebody else drives, comes or goes. No heartbeat wakes anybody by chance. */
@Timeout(60)
class WakeUpTest {

    private static final int REACHED_ID = 30;

    private final DrivenSession session = new DrivenSession(Duration.ofMinutes(3));
    private final SessionDriver driver = session.memberDriver;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicBoolean never = new AtomicBoolean();

    @BeforeEach
    void start() throws Exception {
        session.start();
        session.assertRoundPasses();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Caller waitingForTheRound() {
        long round = driver.execute(session.joined.work()::arrive);
        return session.waiting(() -> session.joined.work().outcome().round() == round);
    }

    private void release() {
        session.coordinatorDriver.execute(session.barrier.work()::arrive);
    }

    @Test
    void whoDrivesReturnsWhenACommandOfAnotherThreadMeetsItsCondition() {
        Caller drives = session.driving(done::get);
        session.set(done);

        drives.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoDrivesReturnsWhenAnotherThreadMeetsItsConditionAndThenWaitsItself() {
        Caller drives = session.driving(done::get);
        Caller other = session.calling(never::get, (memberDriver, condition) -> {
            memberDriver.enter();
            try {
                done.set(true);
                return memberDriver.awaitEntered(condition, Long.MAX_VALUE);
            } finally {
                memberDriver.leave();
            }
        });

        drives.assertOutcome(SessionDriver.Outcome.MET);
        assertThat(other.outcome).isNotDone();
    }

    @Test
    void whatWhoWaitsBesideTheDriverHasSentIsRepeatedInTime() {
        session.driving(never::get);
        session.memberPort.loseNext(REACHED_ID);
        release();
        long round =
                driver.<Long>read(nowNanos -> session.joined.work().outcome().round()) + 1;
        Caller other =
                session.calling(() -> session.joined.work().outcome().round() == round, (memberDriver, condition) -> {
                    memberDriver.enter();
                    try {
                        session.joined.work().arrive(memberDriver.nowNanos());
                        return memberDriver.awaitEntered(condition, Long.MAX_VALUE);
                    } finally {
                        memberDriver.leave();
                    }
                });

        other.assertOutcome(SessionDriver.Outcome.MET);
        assertThat(session.memberPort.hasLost()).isTrue();
        assertThat(driver.<Long>read(nowNanos -> session.coordinator.counters().received(ChunkType.BARRIER_REACHED)))
                .isPositive();
    }

    @Test
    void whatACommandOfAnotherThreadHasSentIsRepeatedInTime() {
        session.driving(never::get);
        session.memberPort.loseNext(REACHED_ID);
        release();
        Caller other = waitingForTheRound();

        other.assertOutcome(SessionDriver.Outcome.MET);
        assertThat(session.memberPort.hasLost()).isTrue();
    }

    @Test
    void whoWaitsBesideTheDriverIsWokenByACommandOfAThirdThread() {
        Caller drives = session.driving(never::get);
        Caller waits = session.waiting(done::get);
        session.set(done);

        waits.assertOutcome(SessionDriver.Outcome.MET);
        assertThat(drives.outcome).isNotDone();
    }

    @Test
    void whoWaitsBesideTheDriverIsWokenByWhatTheDriverReceives() {
        Caller drives = session.driving(never::get);
        Caller waits = waitingForTheRound();
        release();

        waits.assertOutcome(SessionDriver.Outcome.MET);
        assertThat(drives.outcome).isNotDone();
    }

    @Test
    void whoStillWaitsIsServedWhenTheDriverReturns() {
        Caller drives = session.driving(done::get);
        Caller waits = waitingForTheRound();
        session.set(done);
        drives.assertOutcome(SessionDriver.Outcome.MET);

        session.awaitDriver(waits.thread);
        release();
        waits.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoStillWaitsIsServedWhenTheDriverIsInterrupted() {
        Caller drives = session.driving(never::get);
        Caller waits = waitingForTheRound();
        drives.thread.interrupt();
        drives.assertInterrupted();

        release();
        waits.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoStillWaitsIsServedWhenTheTimeOfTheDriverIsOver() {
        long deadlineNanos = driver.nowNanos() + MILLISECONDS.toNanos(50);
        Caller drives =
                session.calling(never::get, (memberDriver, condition) -> memberDriver.await(condition, deadlineNanos));
        Caller waits = waitingForTheRound();
        drives.assertOutcome(SessionDriver.Outcome.TIMED_OUT);

        release();
        waits.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoStillWaitsIsServedWhenBothWhoDriveBeforeItHaveGone() {
        Caller first = session.driving(done::get);
        Caller second = session.waiting(never::get);
        Caller third = waitingForTheRound();
        session.set(done);
        first.assertOutcome(SessionDriver.Outcome.MET);
        second.thread.interrupt();
        second.assertInterrupted();

        release();
        third.assertOutcome(SessionDriver.Outcome.MET);
    }

    @Test
    void whoWaitsBesideTheDriverGivesUpAtItsOwnDeadline() {
        Caller drives = session.driving(never::get);
        long deadlineNanos = driver.nowNanos() + MILLISECONDS.toNanos(20);
        Caller waits =
                session.calling(never::get, (memberDriver, condition) -> memberDriver.await(condition, deadlineNanos));

        waits.assertOutcome(SessionDriver.Outcome.TIMED_OUT);
        assertThat(driver.nowNanos()).isGreaterThanOrEqualTo(deadlineNanos);
        assertThat(drives.outcome).isNotDone();
    }

    @Test
    void whoWaitsBesideTheDriverCanBeInterrupted() {
        Caller drives = session.driving(never::get);
        Caller waits = session.waiting(never::get);
        waits.thread.interrupt();

        waits.assertInterrupted();
        assertThat(drives.outcome).isNotDone();
    }

    @Test
    void whoIsInterruptedBeforeItWaitsDoesNotWait() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> driver.await(never::get, Long.MAX_VALUE));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void closingEndsWhoDrivesAndAllWhoWait() {
        Caller drives = session.driving(never::get);
        Caller second = session.waiting(never::get);
        Caller third = session.waiting(never::get);
        driver.close();

        drives.assertOutcome(SessionDriver.Outcome.ENDED);
        second.assertOutcome(SessionDriver.Outcome.ENDED);
        third.assertOutcome(SessionDriver.Outcome.ENDED);
        assertThat(driver.failure()).isNull();
        assertThat(session.memberPort.isClosed()).isTrue();
        assertThat(session.memberKeepers()).isEmpty();
    }

    @Test
    void aPortThatFailsEndsWhoDrivesAndAllWhoWait() {
        Caller drives = session.driving(never::get);
        Caller waits = session.waiting(never::get);
        IllegalStateException fault = new IllegalStateException("a bug");
        session.memberPort.failReceives(() -> {
            throw fault;
        });

        drives.assertOutcome(SessionDriver.Outcome.ENDED);
        waits.assertOutcome(SessionDriver.Outcome.ENDED);
        assertThat(driver.failure()).isSameAs(fault);
    }
}
