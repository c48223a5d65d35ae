package io.camure.interop;

import static io.camure.test.support.Chunk.BARRIER;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.reached;
import static io.camure.test.support.Chunk.released;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.Barrier;
import io.camure.DisconnectedException;
import io.camure.Member;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member meets others at the barrier of a legacy coordinator. */
class MemberAtLegacyBarrierTest {

    private static final int GROUP = 7;

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @AutoClose
    private Member member;

    @BeforeEach
    void aMemberInTheSession() throws InterruptedException {
        member = Member.join(coordinator.address());
    }

    @AfterEach
    void letEverybodyGo() {
        coordinator.confirmsLeaves();
    }

    private Barrier joinAt(int round) throws Exception {
        CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(GROUP));
        coordinator.admit(GROUP, BARRIER, round);
        return joining.get();
    }

    private static void requireRound(CompletableFuture<Round> future, long number) {
        assertThat(future).succeedsWithin(DEADLINE).satisfies(round -> {
            assertThat(round.number()).isEqualTo(number);
            // A legacy coordinator does not tell.
            assertThat(round.size()).isZero();
        });
    }

    @Test
    void passesRoundAfterRound() throws Exception {
        Barrier barrier = joinAt(0);
        for (int round = 0; round < 5; round++) {
            CompletableFuture<Round> passing = barrier.awaitAsync();
            coordinator
                    .expect(reached(GROUP, round))
                    .multicast(released(GROUP, round))
                    .expect(ack(GROUP, round));
            requireRound(passing, round);
        }
    }

    @Test
    void startsAtTheRoundOfTheWelcomeAndPassesTheWrap() throws Exception {
        Barrier barrier = joinAt(65534);
        for (int round = 65534; round < 65539; round++) {
            CompletableFuture<Round> passing = barrier.awaitAsync();
            coordinator
                    .expect(reached(GROUP, round))
                    .multicast(released(GROUP, round))
                    .expect(ack(GROUP, round));
            requireRound(passing, round);
        }
    }

    @Test
    void twoMembersAreReleasedTogether() throws Exception {
        Barrier firstBarrier = joinAt(0);
        try (Member second = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> second.joinBarrier(GROUP));
            coordinator.admit(GROUP, BARRIER, 0);
            Barrier secondBarrier = joining.get();
            for (int round = 0; round < 5; round++) {
                CompletableFuture<Round> firstPassing = firstBarrier.awaitAsync();
                coordinator.expectFrom(member.address(), reached(GROUP, round));
                CompletableFuture<Round> secondPassing = secondBarrier.awaitAsync();
                coordinator.expectFrom(second.address(), reached(GROUP, round));
                assertThat(firstPassing).isNotDone();

                coordinator
                        .multicast(released(GROUP, round))
                        .expectFrom(member.address(), ack(GROUP, round))
                        .expectFrom(second.address(), ack(GROUP, round));
                requireRound(firstPassing, round);
                requireRound(secondPassing, round);
            }
        }
    }

    @Test
    void takesAReleaseThatCameByUnicast() throws Exception {
        Barrier barrier = joinAt(0);
        CompletableFuture<Round> passing = barrier.awaitAsync();

        coordinator.expect(reached(GROUP, 0)).send(released(GROUP, 0)).expect(ack(GROUP, 0));

        requireRound(passing, 0);
    }

    @Test
    void arrivesAgainUntilItsArrivalIsAcknowledged() throws Exception {
        Barrier barrier = joinAt(0);
        coordinator.losingOutgoing(3, Chunk.GROUP_ACK_ID);

        CompletableFuture<Round> passing = barrier.awaitAsync();

        for (int i = 0; i < 4; i++) {
            coordinator.expect(reached(GROUP, 0));
        }
        coordinator.multicast(released(GROUP, 0)).expect(ack(GROUP, 0));
        requireRound(passing, 0);
    }

    @Test
    void aReleaseStandsForTheAcknowledgementOfTheArrival() throws Exception {
        coordinator.expect(Chunk.SESSION_JOIN);
        Barrier barrier = joinAt(0);
        coordinator.withoutAnswering();
        for (int round = 0; round < 3; round++) {
            CompletableFuture<Round> passing = barrier.awaitAsync();
            coordinator
                    .expect(reached(GROUP, round))
                    .multicast(released(GROUP, round))
                    .expect(ack(GROUP, round));
            requireRound(passing, round);
        }
    }

    @Test
    void acknowledgesARepeatedReleaseAgainAndStaysInItsRound() throws Exception {
        Barrier barrier = joinAt(0);
        CompletableFuture<Round> passing = barrier.awaitAsync();
        coordinator.expect(reached(GROUP, 0)).multicast(released(GROUP, 0)).expect(ack(GROUP, 0));
        requireRound(passing, 0);

        CompletableFuture<Round> next = barrier.awaitAsync();
        coordinator.expect(reached(GROUP, 1));
        coordinator.multicast(released(GROUP, 0)).expect(ack(GROUP, 0));
        coordinator.send(released(GROUP, 0)).expect(ack(GROUP, 0));

        assertThat(next).isNotDone();
        coordinator.multicast(released(GROUP, 1)).expect(ack(GROUP, 1));
        requireRound(next, 1);
    }

    @Test
    void arrivesAgainWhenNoReleaseComesThoughItsArrivalWasAcknowledged() throws Exception {
        Barrier barrier = joinAt(0);

        CompletableFuture<Round> passing = barrier.awaitAsync();

        coordinator.expect(reached(GROUP, 0)).expect(reached(GROUP, 0)).multicast(released(GROUP, 0));
        requireRound(passing, 0);
    }

    @Test
    void aTimeoutLeavesItsArrivalStanding() throws Exception {
        Barrier barrier = joinAt(0);

        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(Duration.ofMillis(1)))
                .satisfies(e -> assertThat(e.round()).isZero());
        coordinator.expect(reached(GROUP, 0)).multicast(released(GROUP, 0)).expect(ack(GROUP, 0));

        assertThat(barrier.await(DEADLINE).number()).isZero();
    }

    @Test
    void isNotReleasedFromARoundAtWhichItHasNotArrived() throws Exception {
        Barrier barrier = joinAt(0);

        coordinator.send(released(GROUP, 0)).send(released(GROUP, 1)).settle();
        CompletableFuture<Round> passing = barrier.awaitAsync();
        coordinator.expect(reached(GROUP, 0)).send(released(GROUP, 1)).settle();

        assertThat(passing).isNotDone();
        assertThat(member.statistics().datagramsDropped()).containsEntry("out-of-window", 3L);
        coordinator.multicast(released(GROUP, 0)).expect(ack(GROUP, 0));
        requireRound(passing, 0);
    }

    @Test
    void aReleaseCountsThoughTheGroupEndsRightBehindIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            Barrier barrier = joinAt(i);
            CompletableFuture<Round> passing = Background.async(barrier::await);
            coordinator
                    .expect(reached(GROUP, i))
                    .send(released(GROUP, i))
                    .send(disconnected(GROUP, ""))
                    .expect(ack(GROUP, i))
                    .expect(Chunk.leave(GROUP));

            requireRound(passing, i);
            assertThatExceptionOfType(DisconnectedException.class).isThrownBy(barrier::await);
        }
    }
}
