package io.camure.interop;

import static io.camure.test.support.Chunk.BARRIER;
import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.HEARTBEAT;
import static io.camure.test.support.Chunk.SESSION_JOIN;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupJoin;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.leave;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Chunk.sessionWelcome;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastReceiver;
import io.camure.DisconnectedException;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.protocol.base.Format;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member gets in and out of the session and the groups of a legacy coordinator. */
class MemberInLegacySessionTest {

    @AutoClose
    private final ScriptedCoordinator coordinator = ScriptedCoordinator.start();

    @AfterEach
    void letEverybodyGo() {
        coordinator.confirmsLeaves();
    }

    private CompletableFuture<Member> joining() {
        return Background.async(() -> Member.join(coordinator.address()));
    }

    @Test
    void joinsWithABareSessionJoin() throws InterruptedException {
        try (Member member = Member.join(coordinator.address())) {
            assertThat(coordinator.take("SessionJoin", SESSION_JOIN::equals).hex())
                    .startsWith("00");
            assertThat(member.isOpen()).isTrue();
        }
    }

    @Test
    void asksAgainUntilTheCoordinatorAnswers() throws Exception {
        coordinator.losingIncoming(3, 0);

        try (Member member = Member.join(coordinator.address())) {
            assertThat(member.statistics().retransmissions()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void saysWhoWasAskedWhenNoCoordinatorAnswers() {
        coordinator.withoutAnswering();
        MemberConfig config =
                MemberConfig.builder().joinTimeout(Duration.ofMillis(400)).build();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(coordinator.address(), config))
                .withMessageContaining(Format.address(coordinator.address()));
        coordinator.expect(SESSION_JOIN).expect(SESSION_JOIN);
    }

    @Test
    void takesTheSettingsOfTheSession() throws Exception {
        try (ScriptedCoordinator custom = ScriptedCoordinator.start(508, Duration.ofMillis(250));
                Member member = Member.join(custom.address())) {
            CompletableFuture<BroadcastReceiver> joining = Background.async(() -> member.joinBroadcast(3));
            custom.admit(3, BROADCAST, 0);

            custom.multicast(message(3, 0, new byte[503])).expect(ack(3, 0));
            custom.multicast(message(3, 1, new byte[504])).settle();

            assertThat(joining.get().receive(DEADLINE).orElseThrow().bytes()).hasSize(503);
            // It came by another socket than what the member has answered.
            await().atMost(DEADLINE)
                    .untilAsserted(() ->
                            assertThat(member.statistics().datagramsDropped()).containsEntry("oversized", 1L));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "224.0.0.1, 0, 1472, 1000000000",
        "127.0.0.1, 7401, 1472, 1000000000",
        "224.0.0.1, 7401, 0, 1000000000",
        "224.0.0.1, 7401, 3, 1000000000",
        "224.0.0.1, 7401, 507, 1000000000",
        "224.0.0.1, 7401, 65508, 1000000000",
        "224.0.0.1, 7401, 1472, 0",
        "224.0.0.1, 7401, 1472, -1"
    })
    void takesNoWelcomeThatMakesNoSense(String ip, int port, int chunkSize, long heartbeatNanos) throws Exception {
        coordinator.withoutAnswering();
        CompletableFuture<Member> joining = joining();
        coordinator.expect(SESSION_JOIN);

        coordinator.send(sessionWelcome(new InetSocketAddress(ip, port), chunkSize, heartbeatNanos));
        coordinator.send(new Chunk(coordinator.sessionWelcome().hex() + "00"));
        coordinator.send(new Chunk("01"));
        coordinator.send(coordinator.sessionWelcome());

        try (Member member = joining.get()) {
            assertThat(member.statistics().datagramsDropped())
                    .containsEntry("bad-field", 2L)
                    .containsEntry("truncated", 1L);
        }
    }

    @Test
    void showsThatItLivesAndAsksWhetherTheCoordinatorDoes() throws Exception {
        try (ScriptedCoordinator lively = ScriptedCoordinator.start(1472, Duration.ofMillis(100));
                Member member = Member.join(lively.address())) {
            lively.expect(SESSION_JOIN);
            for (int i = 0; i < 3; i++) {
                lively.expect(SESSION_JOIN).expect(HEARTBEAT);
            }
            assertThat(member.isOpen()).isTrue();
        }
    }

    @Test
    void aSilentCoordinatorIsLostAndWhoWaitsIsTold() throws Exception {
        MemberConfig config =
                MemberConfig.builder().coordinatorTimeout(Duration.ofSeconds(4)).build();
        try (Member member = Member.join(coordinator.address(), config)) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
            coordinator.admit(0, BARRIER, 0);
            Barrier barrier = joining.get();

            coordinator.withoutAnswering();

            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> barrier.await(DEADLINE))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
            assertThat(member.isOpen()).isFalse();
        }
    }

    @Test
    void aCoordinatorWithOtherSettingsIsNotTheOneOfTheSession() throws InterruptedException {
        try (Member member = Member.join(coordinator.address())) {
            coordinator.send(sessionWelcome(ScriptedCoordinator.unusedMulticastAddress(), 1472, 1_000_000_000));

            await().atMost(DEADLINE).until(() -> !member.isOpen());
            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> member.joinBarrier(0))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
        }
    }

    @Test
    void asksForAGroupAgainUntilItIsWelcomed() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(7));
            for (int i = 0; i < 3; i++) {
                coordinator.expect(groupJoin(7, BARRIER));
            }
            coordinator.send(groupWelcome(7, 12)).expect(ack(7, 12));

            assertThat(joining).succeedsWithin(DEADLINE);
        }
    }

    @Test
    void acknowledgesARepeatedWelcomeWhenItsAcknowledgementWasLost() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
            coordinator.losingIncoming(1, Chunk.GROUP_ACK_ID).expect(groupJoin(0, BARRIER));
            coordinator.repeatUntilAnswered(groupWelcome(0, 0), ack(0, 0));

            assertThat(joining).succeedsWithin(DEADLINE);
        }
    }

    @Test
    void aBroadcastJoinedAsABarrierIsAMismatch() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
            coordinator.expect(groupJoin(0, BARRIER)).send(disconnected(0, "invalid channel type"));

            assertThat(joining)
                    .failsWithin(DEADLINE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(GroupTypeMismatchException.class);
        }
    }

    @Test
    void aBarrierJoinedAsABroadcastIsAMismatch() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<BroadcastReceiver> joining = Background.async(() -> member.joinBroadcast(0));
            coordinator.expect(groupJoin(0, BROADCAST)).send(disconnected(0, "invalid channel type"));

            assertThat(joining)
                    .failsWithin(DEADLINE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(GroupTypeMismatchException.class);
        }
    }

    @Test
    void aGroupThatThereIsNotIsGivenUpAtTheDeadline() throws InterruptedException {
        try (Member member = Member.join(coordinator.address())) {
            assertThatExceptionOfType(JoinTimeoutException.class)
                    .isThrownBy(() -> member.joinBarrier(99, Duration.ofMillis(300)))
                    .withMessageContaining("99");
            coordinator.expect(groupJoin(99, BARRIER)).expect(leave(99));
            assertThat(member.isOpen()).isTrue();
        }
    }

    @Test
    void aWelcomeToAGroupThatWasGivenUpIsAnsweredByALeave() throws InterruptedException {
        try (Member member = Member.join(coordinator.address())) {
            assertThatExceptionOfType(JoinTimeoutException.class)
                    .isThrownBy(() -> member.joinBarrier(99, Duration.ofMillis(300)));
            coordinator
                    .expect(groupJoin(99, BARRIER))
                    .expect(leave(99))
                    .send(disconnected(99, "leave"))
                    .settle();

            int leaves = coordinator.count(leave(99)::equals);
            coordinator.send(groupWelcome(99, 0)).settle();

            assertThat(coordinator.count(leave(99)::equals)).isEqualTo(leaves + 1);
            assertThat(coordinator.count(ack(99, 0)::equals)).isZero();
        }
    }

    @Test
    void leavesAGroupAndTheSession() throws Exception {
        Member member = Member.join(coordinator.address());
        CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
        coordinator.admit(0, BARRIER, 0);
        Barrier barrier = joining.get();

        CompletableFuture<Boolean> closing = Background.async(() -> {
            member.close();
            return true;
        });

        coordinator.expect(leave(0)).send(disconnected(0, "leave"));
        assertThat(closing).succeedsWithin(DEADLINE);
        assertThat(barrier.isOpen()).isFalse();
    }

    @Test
    void leavesAgainWhenTheAnswerWasLost() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
            coordinator.admit(0, BARRIER, 0);

            joining.get().close();

            coordinator.expect(leave(0)).expect(leave(0)).send(disconnected(0, "leave"));
        }
    }

    @Test
    void canComeBackRightAfterItsLeave() throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            for (int i = 0; i < 5; i++) {
                CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
                coordinator.admit(0, BARRIER, 0);
                Barrier barrier = joining.get();
                CompletableFuture<Boolean> closing = Background.async(() -> {
                    barrier.close();
                    return true;
                });
                coordinator.expect(leave(0)).send(disconnected(0, "leave"));
                assertThat(closing).succeedsWithin(DEADLINE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', GROUP_CLOSED", "timeout, EVICTED", "duplicate join, EVICTED"})
    void whoWaitsIsToldWhyItIsOut(String reason, DisconnectedException.Reason expected) throws Exception {
        try (Member member = Member.join(coordinator.address())) {
            CompletableFuture<Barrier> joining = Background.async(() -> member.joinBarrier(0));
            coordinator.admit(0, BARRIER, 0);
            Barrier barrier = joining.get();
            CompletableFuture<?> waiting = Background.async(barrier::await);
            coordinator.expect(Chunk.reached(0, 0));

            coordinator.send(disconnected(0, reason)).expect(leave(0));

            assertThat(waiting)
                    .failsWithin(DEADLINE)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            DisconnectedException.class,
                            e -> assertThat(e.reason()).isEqualTo(expected));
            assertThat(member.isOpen()).isTrue();
        }
    }
}
