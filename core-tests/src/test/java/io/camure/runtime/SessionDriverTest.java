package io.camure.runtime;

import static io.camure.runtime.DrivenSession.LONG;
import static io.camure.runtime.DrivenSession.awaitMet;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.runtime.DrivenSession.Caller;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The driver on a network that fails. */
class SessionDriverTest {

    private final DrivenSession session = new DrivenSession(Duration.ofMillis(100), SessionDriver.Idle.ADAPTIVE);
    private final SessionDriver coordinatorDriver = session.coordinatorDriver;
    private final SessionDriver memberDriver = session.memberDriver;

    @BeforeEach
    void start() throws Exception {
        session.start();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private long roundReleasedAtCoordinator() {
        return coordinatorDriver.<Long>read(
                nowNanos -> session.barrier.work().outcome().round());
    }

    private long roundReleasedAtMember() {
        return memberDriver.<Long>read(
                nowNanos -> session.joined.work().outcome().round());
    }

    @Test
    void aMemberWhoseSendsFailForAWhileRepeatsThemAndGoesOn() throws Exception {
        session.assertRoundPasses();
        session.memberPort.failSends(true);
        session.arriveAtMember();
        long round = session.arriveAtCoordinator();
        // The arrival, its repetitions and heartbeats: all of them fail.
        await().atMost(LONG).until(() -> memberDriver.sendFailures() >= 3);
        assertThat(roundReleasedAtCoordinator()).isLessThan(round);

        session.memberPort.failSends(false);

        awaitMet(memberDriver, () -> session.joined.work().outcome().round() == round);
        session.assertRoundPasses();
        assertThat(memberDriver.failure()).isNull();
    }

    @Test
    void aCoordinatorWhoseSendsFailForAWhileRepeatsThemAndGoesOn() throws Exception {
        session.assertRoundPasses();
        session.coordinatorPort.failSends(true);
        session.arriveAtMember();
        long round = session.arriveAtCoordinator();
        awaitMet(coordinatorDriver, () -> session.barrier.work().outcome().round() == round);
        await().atMost(LONG).until(() -> coordinatorDriver.sendFailures() >= 3);
        assertThat(roundReleasedAtMember()).isLessThan(round);

        session.coordinatorPort.failSends(false);

        awaitMet(memberDriver, () -> session.joined.work().outcome().round() == round);
        session.assertRoundPasses();
        assertThat(coordinatorDriver.failure()).isNull();
    }

    @Test
    void twoCallersOfWhichOneIsServedAgainAndAgainGoOn() throws Exception {
        Caller idle = waitingForEver();
        for (int i = 0; i < 50; i++) {
            session.assertRoundPasses();
        }
        memberDriver.close();
        idle.assertOutcome(SessionDriver.Outcome.ENDED);
    }

    private Caller waitingForEver() {
        return session.waiting(() -> false);
    }

    static Stream<Throwable> receiveFaults() {
        return Stream.of(
                new IOException("Network is down"), new IllegalStateException("a bug"), new AssertionError("a bug"));
    }

    private static void raise(Throwable fault) throws IOException {
        if (fault instanceof IOException e) {
            throw e;
        } else if (fault instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) fault;
    }

    @ParameterizedTest
    @MethodSource("receiveFaults")
    void aReceiveThatFailsEndsTheSessionAndEveryWaitWithTheCause(Throwable fault) {
        Caller waiting = waitingForEver();

        session.memberPort.failReceives(() -> raise(fault));

        assertEnded(waiting, fault);
    }

    @ParameterizedTest
    @MethodSource("receiveFaults")
    void aWaitForDatagramsThatFailsEndsTheSessionAndEveryWaitWithTheCause(Throwable fault) {
        Caller waiting = waitingForEver();

        session.memberPort.failWaits(() -> raise(fault));

        assertEnded(waiting, fault);
    }

    private void assertEnded(Caller waiting, Throwable cause) {
        waiting.assertOutcome(SessionDriver.Outcome.ENDED);
        assertThat(memberDriver.failure()).isSameAs(cause);
        assertThat(memberDriver.isClosed()).isTrue();
        await().atMost(LONG).until(session.memberPort::isClosed);
        assertThat(coordinatorDriver.isClosed()).as("the other node goes on").isFalse();
    }

    @Test
    void closingEndsEveryWaitAndLeavesNoThreadAndNoPort() {
        Caller waiting = waitingForEver();

        memberDriver.close();
        memberDriver.close();

        waiting.assertOutcome(SessionDriver.Outcome.ENDED);
        assertThat(memberDriver.failure()).as("closing is no failure").isNull();
        assertThat(session.memberPort.isClosed()).isTrue();
        assertThat(session.memberKeepers()).isEmpty();
    }

    @Test
    void aWaitEndsAtItsDeadline() throws Exception {
        long deadlineNanos = memberDriver.nowNanos() + MILLISECONDS.toNanos(20);

        assertThat(memberDriver.await(() -> false, deadlineNanos)).isEqualTo(SessionDriver.Outcome.TIMED_OUT);
        assertThat(memberDriver.nowNanos()).isGreaterThanOrEqualTo(deadlineNanos);
    }

    @Test
    void aConditionThatHoldsIsMetAfterTheDeadlineAndAfterTheEndToo() throws Exception {
        assertThat(memberDriver.await(() -> true, 0)).isEqualTo(SessionDriver.Outcome.MET);
        memberDriver.close();
        assertThat(memberDriver.await(() -> true, 0)).isEqualTo(SessionDriver.Outcome.MET);
    }

    @Test
    void aWatcherIsLookedAtWhenItWantsThoughNothingHasChanged() {
        coordinatorDriver.close();
        CompletableFuture<Long> done = new CompletableFuture<>();
        long deadlineNanos = memberDriver.nowNanos() + MILLISECONDS.toNanos(20);
        memberDriver.watch(new Watcher() {
            @Override
            public boolean check(long nowNanos) {
                return nowNanos >= deadlineNanos && done.complete(nowNanos);
            }

            @Override
            public long deadlineNanos() {
                return deadlineNanos;
            }
        });

        assertThat(done)
                .succeedsWithin(LONG)
                .satisfies(nowNanos -> assertThat(nowNanos).isGreaterThanOrEqualTo(deadlineNanos));
    }

    @Test
    void eventsAreHandedOnInOrder() throws Exception {
        memberDriver.execute(nowNanos -> {
            session.joined.leave(nowNanos);
            return null;
        });
        awaitMet(coordinatorDriver, () -> session.barrier.memberCount() == 0);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(session.coordinatorEvents)
                        .extracting(event -> event.getClass().getSimpleName())
                        .containsExactly("MemberJoined", "MemberLeft"));
    }
}
