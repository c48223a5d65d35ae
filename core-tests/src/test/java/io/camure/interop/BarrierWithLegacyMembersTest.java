package io.camure.interop;

import static io.camure.test.support.Chunk.BARRIER;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupJoin;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.leave;
import static io.camure.test.support.Chunk.reached;
import static io.camure.test.support.Chunk.released;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Legacy members meet at a barrier. */
class BarrierWithLegacyMembersTest {

    private static final int GROUP = 7;

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator();

    private final CoordinatorBarrier barrier =
            coordinator.createBarrier(GroupConfig.builder().id(GROUP).build());

    @AutoClose
    private ScriptedMember first;

    @AutoClose
    private ScriptedMember second;

    @BeforeEach
    void twoMembersInTheSession() {
        first = ScriptedMember.inSession(coordinator.address());
        second = ScriptedMember.inSession(coordinator.address());
    }

    @AfterEach
    void letEverybodyGo() {
        first.confirmsClosing();
        second.confirmsClosing();
        coordinator.close();
    }

    private static void requireRound(CompletableFuture<Round> future, long number, int participants) {
        assertThat(future).succeedsWithin(DEADLINE).satisfies(round -> {
            assertThat(round.number()).isEqualTo(number);
            assertThat(round.size()).isEqualTo(participants);
        });
    }

    /** Nobody has left the current round, and these are the members that it waits for. */
    private void requireWaitingFor(ScriptedMember... missing) {
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> barrier.await(Duration.ZERO))
                .satisfies(e -> assertThat(e.missingMembers())
                        .extracting(Node::address)
                        .containsExactlyInAnyOrderElementsOf(
                                Stream.of(missing).map(ScriptedMember::address).toList()));
    }

    @Test
    void oneMemberPassesRoundAfterRound() {
        assertThat(first.joinGroup(GROUP, BARRIER)).isZero();
        for (int round = 0; round < 5; round++) {
            first.send(reached(GROUP, round)).expect(ack(GROUP, round));
            CompletableFuture<Round> atCoordinator = barrier.awaitAsync();
            first.expectByMulticast(released(GROUP, round));
            requireRound(atCoordinator, round, 2);
        }
    }

    @Test
    void aReleaseThatFollowsAtOnceStandsForTheAcknowledgement() {
        first.joinGroup(GROUP, BARRIER);
        first.settle();
        for (int round = 0; round < 5; round++) {
            CompletableFuture<Round> atCoordinator = barrier.awaitAsync();
            first.send(reached(GROUP, round)).expectByMulticast(released(GROUP, round));
            requireRound(atCoordinator, round, 2);
        }
        first.settle();
        assertThat(first.count(chunk -> chunk.id() == Chunk.GROUP_ACK_ID)).isZero();
    }

    @Test
    void twoMembersPassTogether() {
        first.joinGroup(GROUP, BARRIER);
        second.joinGroup(GROUP, BARRIER);
        for (int round = 0; round < 5; round++) {
            first.send(reached(GROUP, round)).expect(ack(GROUP, round));
            requireWaitingFor(second);

            second.send(reached(GROUP, round));

            first.expect(released(GROUP, round));
            second.expect(released(GROUP, round));
            requireRound(barrier.awaitAsync(), round, 3);
        }
    }

    @Test
    void tellsTheNumberOfParticipantsBehindTheHeaderWhereLegacyMembersDoNotLook() {
        first.joinGroup(GROUP, BARRIER);
        second.joinGroup(GROUP, BARRIER);
        barrier.awaitAsync();
        first.send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        second.send(reached(GROUP, 0));

        Chunk release = first.take("BarrierReleased", chunk -> chunk.equals(released(GROUP, 0)));

        assertThat(release.hex())
                .as("and behind it a session number, and who arrived last")
                .matches("1f00070000" + "0003" + "[0-9a-f]{8}" + "[0-9a-f]{4}");
    }

    @Test
    void aRepeatedArrivalIsAcknowledgedAgainAndCountsOnce() {
        first.joinGroup(GROUP, BARRIER);
        second.joinGroup(GROUP, BARRIER);

        for (int i = 0; i < 3; i++) {
            first.send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        }

        requireWaitingFor(second);
        second.send(reached(GROUP, 0)).expect(released(GROUP, 0));
        requireRound(barrier.awaitAsync(), 0, 3);
    }

    @Test
    void aLostReleaseIsRepeatedToWhoHasNotAcknowledgedIt() {
        first.joinGroup(GROUP, BARRIER);
        second.joinGroup(GROUP, BARRIER);
        first.losingIncoming(3, Chunk.RELEASED_ID).send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        second.send(reached(GROUP, 0)).expect(ack(GROUP, 0));

        CompletableFuture<Round> atCoordinator = barrier.awaitAsync();

        second.expect(released(GROUP, 0));
        requireRound(atCoordinator, 0, 3);
        second.send(reached(GROUP, 1)).expect(ack(GROUP, 1));
        first.expect(released(GROUP, 0)).send(reached(GROUP, 1)).expect(ack(GROUP, 1));
        requireRound(barrier.awaitAsync(), 1, 3);
    }

    @Test
    void aReleaseIsRepeatedUntilItIsAcknowledged() {
        first.joinGroup(GROUP, BARRIER);
        first.losingOutgoing(3, Chunk.GROUP_ACK_ID).send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        barrier.awaitAsync();

        for (int i = 0; i < 4; i++) {
            first.expect(released(GROUP, 0));
        }
    }

    @Test
    void theNextArrivalStandsForTheAcknowledgementOfTheRelease() {
        first.joinGroup(GROUP, BARRIER);
        first.settle();
        first.withoutAcknowledging();
        for (int round = 0; round < 5; round++) {
            CompletableFuture<Round> atCoordinator = barrier.awaitAsync();
            first.send(reached(GROUP, round)).expect(released(GROUP, round));
            requireRound(atCoordinator, round, 2);
        }
    }

    @Test
    void whoArrivesAgainAtAReleasedRoundIsReleasedAgain() {
        first.joinGroup(GROUP, BARRIER);
        CompletableFuture<Round> atCoordinator = barrier.awaitAsync();
        first.send(reached(GROUP, 0)).expect(released(GROUP, 0));
        requireRound(atCoordinator, 0, 2);

        first.send(reached(GROUP, 0)).expect(released(GROUP, 0)).settle();

        requireWaitingFor(first);
    }

    @Test
    void anArrivalThatOvertakesTheAcknowledgementOfTheWelcomeCounts() {
        first.withoutAcknowledging().send(groupJoin(GROUP, BARRIER)).expect(groupWelcome(GROUP, 0));

        first.send(reached(GROUP, 0)).expect(ack(GROUP, 0)).send(ack(GROUP, 0));
        first.acknowledging();

        requireRound(barrier.awaitAsync(), 0, 2);
        first.expect(released(GROUP, 0));
    }

    @Test
    void repeatedAcknowledgementsOfTheWelcomeAreNotTakenForThatOfTheRelease() {
        first.withoutAcknowledging().send(groupJoin(GROUP, BARRIER));
        first.expect(groupWelcome(GROUP, 0)).expect(groupWelcome(GROUP, 0));
        first.send(ack(GROUP, 0)).losingIncoming(3, Chunk.RELEASED_ID);
        first.send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        requireRound(barrier.awaitAsync(), 0, 2);

        first.send(ack(GROUP, 0));

        first.expect(released(GROUP, 0)).send(ack(GROUP, 0));
    }

    @Test
    void aRoundGoesOnWithoutAMemberThatLeaves() {
        first.joinGroup(GROUP, BARRIER);
        second.joinGroup(GROUP, BARRIER);
        first.send(reached(GROUP, 0)).expect(ack(GROUP, 0));
        CompletableFuture<Round> atCoordinator = barrier.awaitAsync();

        second.send(leave(GROUP)).expect(disconnected(GROUP, "leave"));

        first.expect(released(GROUP, 0));
        requireRound(atCoordinator, 0, 2);
    }

    @Test
    void whoJoinsLaterTakesPartFromTheCurrentRoundOn() {
        first.joinGroup(GROUP, BARRIER);
        for (int round = 0; round < 3; round++) {
            CompletableFuture<Round> atCoordinator = barrier.awaitAsync();
            first.send(reached(GROUP, round)).expect(released(GROUP, round));
            requireRound(atCoordinator, round, 2);
        }

        assertThat(second.joinGroup(GROUP, BARRIER)).isEqualTo(3);
        second.settle();

        first.send(reached(GROUP, 3)).expect(ack(GROUP, 3));
        requireWaitingFor(second);
        second.send(reached(GROUP, 3)).expect(released(GROUP, 3));
        requireRound(barrier.awaitAsync(), 3, 3);
    }

    @Test
    void aRoundGoesOnWithoutAMemberThatDiedAndNamesIt() {
        CoordinatorConfig config = CoordinatorConfig.builder()
                .legacyLinger(Duration.ZERO)
                .heartbeatInterval(Duration.ofMillis(200))
                .memberTimeout(Duration.ofSeconds(4))
                .build();
        try (Coordinator hasty = Sessions.coordinator(config);
                ScriptedMember alive = ScriptedMember.inSession(hasty.address());
                ScriptedMember dead = ScriptedMember.inSession(hasty.address())) {
            CoordinatorBarrier group =
                    hasty.createBarrier(GroupConfig.builder().id(0).build());
            alive.heartbeatEvery(Duration.ofMillis(200)).joinGroup(0, BARRIER);
            dead.joinGroup(0, BARRIER);
            dead.settle().dies();
            alive.send(reached(0, 0)).expect(ack(0, 0));

            CompletableFuture<Round> atCoordinator = group.awaitAsync();

            dead.expect(disconnected(0, "timeout"));
            alive.expect(released(0, 0));
            assertThat(atCoordinator).succeedsWithin(DEADLINE).satisfies(round -> {
                assertThat(round.size()).isEqualTo(2);
                assertThat(round.lostMembers()).extracting(Node::address).containsExactly(dead.address());
            });
        }
    }
}
