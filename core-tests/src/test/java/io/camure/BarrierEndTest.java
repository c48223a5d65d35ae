package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiting for a round without blocking, and what becomes of those who wait when the barrier ends. */
class BarrierEndTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static Round get(CompletableFuture<Round> future) throws Exception {
        return future.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Throwable failure(CompletableFuture<Round> future) {
        await().atMost(LONG).until(future::isDone);
        try {
            throw new AssertionError("no failure but " + future.get());
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertReason(Throwable failure, DisconnectedException.Reason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DisconnectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aFutureIsCompletedWithTheRoundOnBothSides() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        for (long number = 0; number < 20; number++) {
            CompletableFuture<Round> atMember = joined.awaitAsync();
            assertThat(atMember).isNotDone();
            Round atCoordinator = get(barrier.awaitAsync());

            assertThat(atCoordinator.number()).isEqualTo(number);
            assertThat(get(atMember).number()).isEqualTo(number);
            assertThat(get(atMember).size()).isEqualTo(2);
        }
    }

    @Test
    void severalFuturesOfANodeAreOneArrival() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        List<CompletableFuture<Round>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(joined.awaitAsync());
        }

        assertThat(barrier.await(LONG).size()).isEqualTo(2);

        for (CompletableFuture<Round> future : futures) {
            assertThat(get(future).number()).isZero();
        }
    }

    @Test
    void aCancelledFutureDoesNotTakeTheArrivalBack() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        joined.awaitAsync().cancel(false);

        assertThat(barrier.await(LONG).number()).isZero();
        assertThat(joined.await(LONG).number()).isZero();
    }

    @Test
    void aFutureFailsAfterTheTimeoutOfTheGroupAndTheNextWaitGoesOn() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().timeout(SHORT).build());
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(barrier.id(), LONG, SHORT);

        assertThat(failure(barrier.awaitAsync()))
                .isInstanceOfSatisfying(
                        RoundTimeoutException.class,
                        e -> assertThat(e.missingMembers())
                                .extracting(Node::address)
                                .containsExactly(member.address()));
        assertThat(joined.await(LONG).number()).isZero();
        assertThat(barrier.await().number()).isZero();
        assertThat(failure(joined.awaitAsync()))
                .isInstanceOfSatisfying(
                        RoundTimeoutException.class, e -> assertThat(e.round()).isEqualTo(1));
    }

    @Test
    void closingTheGroupFailsAllWhoWaitForItAtOnce() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        Barrier first = members.get(0).joinBarrier(barrier.id());
        Barrier second = members.get(1).joinBarrier(barrier.id());
        Background<Round> waitingMember = Loopback.awaitInBackground(first);
        CompletableFuture<Round> futureOfMember = first.awaitAsync();
        Background<Round> waitingCoordinator = Loopback.awaitInBackground(barrier);
        CompletableFuture<Round> futureOfCoordinator = barrier.awaitAsync();

        barrier.close();

        assertReason(waitingCoordinator.failure(), DisconnectedException.Reason.CLOSED);
        assertReason(failure(futureOfCoordinator), DisconnectedException.Reason.CLOSED);
        assertReason(waitingMember.failure(), DisconnectedException.Reason.GROUP_CLOSED);
        assertReason(failure(futureOfMember), DisconnectedException.Reason.GROUP_CLOSED);
        await().atMost(LONG).until(() -> !second.isOpen());
        assertThat(barrier.isOpen()).isFalse();
        assertThat(first.isOpen()).isFalse();
        assertThat(members.get(0).isOpen()).as("the session goes on").isTrue();
    }

    @Test
    void leavingFailsTheWaitingThreadsOfThatMemberOnly() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        Barrier leaving = members.get(0).joinBarrier(barrier.id());
        Barrier staying = members.get(1).joinBarrier(barrier.id());
        Background<Round> waiting = Loopback.awaitInBackground(leaving);
        Background<Round> waitingOther = Loopback.awaitInBackground(staying);

        leaving.close();
        leaving.close();

        assertReason(waiting.failure(), DisconnectedException.Reason.CLOSED);
        assertThat(leaving.isOpen()).isFalse();
        assertThat(waitingOther.isDone()).isFalse();
        await().atMost(LONG).until(() -> barrier.members().size() == 1);
        assertThat(barrier.await(LONG).size()).isEqualTo(2);
        assertThat(waitingOther.result().size()).isEqualTo(2);
    }

    @Test
    void aWaitThatBeginsAfterTheEndFailsAtOnce() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        barrier.close();
        await().atMost(LONG).until(() -> !joined.isOpen());

        assertThatExceptionOfType(DisconnectedException.class).isThrownBy(() -> barrier.await(LONG));
        assertThatExceptionOfType(DisconnectedException.class).isThrownBy(() -> joined.await(LONG));
    }

    @Test
    void aFutureThatIsAskedForAfterTheEndFailsLikeOneThatWasAskedForBefore() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        barrier.close();
        await().atMost(LONG).until(() -> !joined.isOpen());

        assertReason(failure(barrier.awaitAsync()), DisconnectedException.Reason.CLOSED);
        assertReason(failure(joined.awaitAsync()), DisconnectedException.Reason.GROUP_CLOSED);
    }

    @Test
    void aRoundThatWasReleasedIsNotReportedAsAbortedWhenTheGroupIsClosedRightAfter() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        List<Member> members = loopback.members(coordinator, 3);
        int promptly = 0;
        for (int i = 0; i < 200; i++) {
            CoordinatorBarrier barrier = coordinator.createBarrier(
                    GROUP.toBuilder().expectedMembers(members.size()).build());
            List<Barrier> joined = new ArrayList<>();
            List<CompletableFuture<Round>> waiting = new ArrayList<>();
            for (Member member : members) {
                Barrier atMember = member.joinBarrier(barrier.id());
                joined.add(atMember);
                waiting.add(atMember.awaitAsync());
            }
            Round round = barrier.await(LONG);
            if (isPrompt(barrier)) {
                promptly++;
                for (CompletableFuture<Round> each : waiting) {
                    assertThat(get(each).number()).isEqualTo(round.number());
                }
            }
            // The next group has the same id, and who is slow is in this one still.
            await().atMost(LONG).until(() -> joined.stream().noneMatch(Barrier::isOpen));
        }
        assertThat(promptly).isPositive();
    }

    /** Closes, and says whether that had to wait for members no longer than it does. */
    private static boolean isPrompt(AutoCloseable closeable) throws Exception {
        long startNanos = System.nanoTime();
        closeable.close();
        return System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(1);
    }

    @Test
    void aRoundThatWasReleasedIsNotReportedAsAbortedWhenTheSessionIsClosedRightAfter() throws Exception {
        int promptly = 0;
        for (int i = 0; i < 100; i++) {
            Coordinator coordinator = loopback.coordinator();
            try (Member first = Member.join(coordinator.address());
                    Member second = Member.join(coordinator.address())) {
                CoordinatorBarrier barrier = coordinator.createBarrier(
                        GROUP.toBuilder().expectedMembers(2).build());
                Barrier firstJoined = first.joinBarrier(barrier.id());
                Barrier secondJoined = second.joinBarrier(barrier.id());
                Background<Round> firstWaiting = Background.run(() -> firstJoined.await(LONG));
                Background<Round> secondWaiting = Background.run(() -> secondJoined.await(LONG));
                barrier.await(LONG);
                if (isPrompt(coordinator)) {
                    promptly++;
                    assertThat(firstWaiting.result().number()).isZero();
                    assertThat(secondWaiting.result().number()).isZero();
                }
            }
        }
        assertThat(promptly).isPositive();
    }

    @Test
    void aResetEndsTheRoundForAllWithWhoIsMissing() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member early = loopback.member(coordinator);
        Member late = loopback.member(coordinator);
        Barrier atEarly = early.joinBarrier(barrier.id());
        Barrier atLate = late.joinBarrier(barrier.id());
        CompletableFuture<Round> waiting = atEarly.awaitAsync();
        CompletableFuture<Round> waitingHere = barrier.awaitAsync();
        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(() -> barrier.await(Duration.ofMillis(1)))
                        .isInstanceOfSatisfying(
                                RoundTimeoutException.class,
                                e -> assertThat(e.missingMembers())
                                        .extracting(Node::address)
                                        .containsExactly(late.address())));
        barrier.reset();

        for (Throwable failure : List.of(failure(waiting), failure(waitingHere), failure(atLate.awaitAsync()))) {
            assertThat(failure).isInstanceOfSatisfying(RoundBrokenException.class, e -> {
                assertThat(e.reason()).isEqualTo(RoundBrokenException.Reason.RESET);
                assertThat(e.round()).isZero();
                assertThat(e.missingMembers()).extracting(Node::address).containsExactly(late.address());
            });
        }
        CompletableFuture<Round> atEarlyAgain = atEarly.awaitAsync();
        CompletableFuture<Round> atLateAgain = atLate.awaitAsync();
        assertThat(barrier.await(LONG).number()).isEqualTo(1);
        assertThat(get(atEarlyAgain).number()).isEqualTo(1);
        assertThat(get(atLateAgain).number()).isEqualTo(1);
    }
}
