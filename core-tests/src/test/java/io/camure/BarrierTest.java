package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds of barriers between nodes that behave. */
class BarrierTest {

    private static final int ROUNDS = 100;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void allNodesGoThroughTheSameRounds(int count) throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(
                GROUP.toBuilder().expectedMembers(count).build());
        List<Background<List<Round>>> members = new ArrayList<>();
        for (Member member : loopback.members(coordinator, count)) {
            Barrier joined = member.joinBarrier(barrier.id());
            members.add(Background.run(() -> rounds(joined)));
        }

        List<List<Round>> all = new ArrayList<>(List.of(rounds(barrier)));
        for (Background<List<Round>> member : members) {
            all.add(member.result());
        }
        assertThat(all).allSatisfy(rounds -> {
            assertThat(rounds).extracting(Round::number).containsExactlyElementsOf(firstNumbers());
            assertThat(rounds).allSatisfy(round -> {
                assertThat(round.size()).isEqualTo(count + 1);
                assertThat(round.duration()).isBetween(Duration.ofNanos(1), LONG);
                assertThat(round.lostMembers()).isEmpty();
            });
        });
    }

    private static List<Round> rounds(Barrier barrier) throws InterruptedException {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(barrier.await());
        }
        return rounds;
    }

    private static List<Long> firstNumbers() {
        return IntStream.range(0, ROUNDS).mapToObj(Long::valueOf).toList();
    }

    @Test
    void nobodyPassesBeforeTheCoordinatorHasArrived() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());

        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> joined.await(BRIEF))
                .withMessageContaining("round 0")
                .withMessageContaining("100ms")
                .satisfies(e -> {
                    assertThat(e.round()).isZero();
                    assertThat(e.missingMembers()).isEmpty();
                });
    }

    @Test
    void aTimeoutNamesWhoIsMissingAndTheNextWaitGoesOnWithTheSameRound() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        Barrier punctual = members.get(0).joinBarrier(barrier.id());
        Barrier late = members.get(1).joinBarrier(barrier.id());
        Loopback.round(barrier, List.of(punctual, late));
        Background<Round> waiting = Loopback.awaitInBackground(punctual);

        // Again, since the arrival of the punctual one may still be on its way.
        await().atMost(LONG)
                .untilAsserted(() -> assertThatExceptionOfType(RoundTimeoutException.class)
                        .isThrownBy(() -> barrier.await(BRIEF))
                        .withMessageContaining("round 1")
                        .withMessageContaining("1 of 2 members")
                        .satisfies(e -> {
                            assertThat(e.round()).isEqualTo(1);
                            assertThat(e.missingMembers())
                                    .extracting(Node::address)
                                    .containsExactly(members.get(1).address());
                        }));

        assertThat(late.await(LONG).number()).isEqualTo(1);
        assertThat(waiting.result().number()).isEqualTo(1);
        assertThat(barrier.await(LONG).number()).isEqualTo(1);
        assertThat(Loopback.round(barrier, List.of(punctual, late)).number()).isEqualTo(2);
    }

    @Test
    void aMemberThatTimedOutGoesOnWithTheSameRound() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(() -> joined.await(Duration.ZERO));

        Round passed = barrier.await(LONG);

        assertThat(passed.number()).as("its arrival stands").isZero();
        assertThat(joined.await(LONG).number()).isZero();
    }

    @Test
    void aWaitingThreadCanBeInterruptedAndTheNextWaitGoesOn() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        Background<Round> waitingMember = Loopback.awaitInBackground(joined);
        waitingMember.interrupt();
        assertThat(waitingMember.failure()).isInstanceOf(InterruptedException.class);

        assertThat(barrier.await(LONG).number()).isZero();
        Background<Round> waitingCoordinator = Loopback.awaitInBackground(barrier);
        waitingCoordinator.interrupt();
        assertThat(waitingCoordinator.failure()).isInstanceOf(InterruptedException.class);

        assertThat(joined.await(LONG).number()).isZero();
        assertThat(joined.await(LONG).number()).isEqualTo(1);
        assertThat(barrier.await(LONG).number()).isEqualTo(1);
    }

    @Test
    void aThreadThatWasInterruptedBeforeItWaitsLeavesTheSessionUsable() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        for (Barrier each : List.of(barrier, joined)) {
            Background<Round> interrupted = Background.run(() -> {
                Thread.currentThread().interrupt();
                return each.await(LONG);
            });
            assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
        }

        assertThat(Loopback.round(barrier, List.of(joined)).number()).isZero();
        assertThat(Loopback.round(barrier, List.of(joined)).number()).isEqualTo(1);
    }

    @Test
    void severalThreadsOfANodeAreOneArrival() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        List<Background<Round>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Loopback.awaitInBackground(joined));
        }

        Round round = barrier.await(LONG);

        assertThat(round.size()).isEqualTo(2);
        for (Background<Round> thread : threads) {
            assertThat(thread.result().number()).isZero();
        }
        assertThatExceptionOfType(RoundTimeoutException.class)
                .as("round 1 waits for the next arrival")
                .isThrownBy(() -> barrier.await(BRIEF));
    }

    @Test
    void withoutMembersTheCoordinatorWaits() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(BRIEF))
                .withMessageContaining("no member");

        Barrier joined = loopback.member(coordinator).joinBarrier(barrier.id());
        assertThat(Loopback.round(barrier, List.of(joined)).number()).isZero();
        joined.close();

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(RoundTimeoutException.class)
                    .as("after the last member has left no round passes")
                    .isThrownBy(() -> barrier.await(BRIEF))
                    .satisfies(e -> assertThat(e.round()).isEqualTo(1));
        }
    }

    @Test
    void theFirstRoundWaitsForTheExpectedMembers() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().expectedMembers(2).build());
        List<Member> members = loopback.members(coordinator, 2);
        Barrier first = members.get(0).joinBarrier(barrier.id());
        Background<Round> waiting = Loopback.awaitInBackground(first);
        barrier.awaitMembers(1, LONG);
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(BRIEF))
                .withMessageContaining("1 of 2 expected members");
        assertThat(barrier.isFormed()).isFalse();

        Barrier second = members.get(1).joinBarrier(barrier.id());
        barrier.awaitMembers(2, LONG);
        assertThat(barrier.isFormed()).isTrue();
        Background<Round> coordinatorWaiting = Loopback.awaitInBackground(barrier);
        assertThat(second.await(LONG).size()).isEqualTo(3);
        assertThat(waiting.result().number()).isZero();
        assertThat(coordinatorWaiting.result().number()).isZero();

        second.close();
        assertThat(Loopback.round(barrier, List.of(first)).size())
                .as("expected members are those of the first round")
                .isEqualTo(2);
    }

    @Test
    void whoJoinsInMidRoundTakesPartInIt() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        Barrier first = members.get(0).joinBarrier(barrier.id());
        Loopback.round(barrier, List.of(first));
        Background<Round> waiting = Loopback.awaitInBackground(barrier);

        Barrier second = members.get(1).joinBarrier(barrier.id());
        Background<Round> waitingFirst = Loopback.awaitInBackground(first);
        assertThat(waiting.isDone()).isFalse();

        assertThat(second.await(LONG).size()).isEqualTo(3);
        assertThat(waitingFirst.result().number()).isEqualTo(1);
        assertThat(waiting.result().number()).isEqualTo(1);
    }

    @Test
    void whoLeavesInMidRoundIsNotWaitedForAndNotCalledLost() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        Barrier staying = members.get(0).joinBarrier(barrier.id());
        Barrier leaving = members.get(1).joinBarrier(barrier.id());
        Background<Round> waiting = Loopback.awaitInBackground(staying);
        Background<Round> coordinatorWaiting = Loopback.awaitInBackground(barrier);

        leaving.close();

        assertThat(coordinatorWaiting.result().size()).isEqualTo(2);
        assertThat(coordinatorWaiting.result().lostMembers()).isEmpty();
        assertThat(waiting.result().size()).isEqualTo(2);
    }
}
