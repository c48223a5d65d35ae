package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups that admit only whom their coordinator accepts. */
class AdmissionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;
    private CoordinatorBarrier barrier;

    @BeforeEach
    void start() {
        coordinator = loopback.coordinator(Loopback.shortTimeouts());
        barrier = coordinator.createBarrier(GROUP.toBuilder().manualAdmission().build());
    }

    private Background<Barrier> join(Member member) {
        Background<Barrier> joining = Background.run(() -> member.joinBarrier(barrier.id()));
        joining.awaitBlocked();
        return joining;
    }

    /** A node that asks to be admitted and never says anything again. */
    private ScriptedMember deadJoiner() {
        ScriptedMember dead = loopback.stranger(coordinator).withoutAcknowledging();
        dead.askForSession();
        return dead.send(Chunk.groupJoin(barrier.id(), Chunk.BARRIER)).settle();
    }

    @Test
    void nobodyGetsInWithoutBeingAccepted() throws Exception {
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> member.joinBarrier(barrier.id(), BRIEF))
                .withMessageContaining("barrier 0")
                .withMessageContaining("within 100ms");
        assertThat(barrier.members()).isEmpty();
    }

    @Test
    void eachAcceptLetsOneIn() throws Exception {
        List<Member> members = loopback.members(coordinator, 2);
        Background<Barrier> first = join(members.get(0));
        Node accepted = barrier.accept(LONG);
        Background<Barrier> second = join(members.get(1));

        assertThat(accepted.address()).isEqualTo(members.get(0).address());
        Barrier firstJoined = first.result();
        assertThat(second.isDone()).isFalse();
        assertThat(barrier.members()).hasSize(1);
        assertThat(barrier.accept(LONG).address()).isEqualTo(members.get(1).address());
        assertThat(Loopback.round(barrier, List.of(firstJoined, second.result()))
                        .size())
                .isEqualTo(3);
    }

    @Test
    void acceptWaitsForSomeoneToAsk() throws Exception {
        Member member = loopback.member(coordinator);
        Background<Node> accepting = Background.run(() -> barrier.accept(LONG));
        accepting.awaitBlocked();

        assertThat(member.joinBarrier(barrier.id()).isOpen()).isTrue();
        assertThat(accepting.result().address()).isEqualTo(member.address());
    }

    @Test
    void anAcceptThatTimedOutAdmitsNobodyLater() throws Exception {
        assertThatExceptionOfType(CamureTimeoutException.class)
                .isThrownBy(() -> barrier.accept(BRIEF))
                .withMessageContaining("nobody joined within 100ms");
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(JoinTimeoutException.class).isThrownBy(() -> member.joinBarrier(barrier.id(), BRIEF));
    }

    @Test
    void tryAcceptDoesNotWaitWhenNobodyAsks() throws Exception {
        Background<Optional<Node>> trying = Background.run(() -> barrier.tryAccept(Duration.ofDays(1)));

        assertThat(trying.result()).isEmpty();
    }

    @Test
    void tryAcceptAdmitsWhoAsks() throws Exception {
        Member member = loopback.member(coordinator);
        Background<Barrier> joining = join(member);
        Optional<Node> accepted = Optional.empty();
        while (accepted.isEmpty()) {
            accepted = barrier.tryAccept(LONG);
        }

        assertThat(accepted.map(Node::address)).contains(member.address());
        assertThat(joining.result().isOpen()).isTrue();
        assertThat(barrier.tryAccept(LONG)).isEmpty();
    }

    @Test
    void aJoinerThatDiedDoesNotKeepTheNextFromGettingIn() throws Exception {
        deadJoiner();
        Member member = loopback.member(coordinator);
        Background<Barrier> joining = join(member);

        assertThat(barrier.accept(LONG).address()).isEqualTo(member.address());
        assertThat(joining.result().isOpen()).isTrue();
    }

    @Test
    void anAcceptThatEndedWithAJoinerThatDiedAdmitsNobodyLater() throws Exception {
        ScriptedMember dead = deadJoiner();
        assertThatExceptionOfType(CamureTimeoutException.class).isThrownBy(() -> barrier.accept(BRIEF));
        await().atMost(LONG).until(() -> coordinator.memberCount() == 0);
        assertThat(dead.address()).isNotNull();
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .as("nobody has accepted it")
                .isThrownBy(() -> member.joinBarrier(barrier.id(), BRIEF));
        assertThat(barrier.members()).isEmpty();
    }

    @Test
    void whoConfirmsAfterTheAcceptTimedOutDoesNotOpenTheDoorForAnother() throws Exception {
        ScriptedMember slow = deadJoiner();
        assertThatExceptionOfType(CamureTimeoutException.class).isThrownBy(() -> barrier.accept(BRIEF));
        slow.confirmWelcome(barrier.id());
        // Either it counts for the next accept, or it is not in.
        Throwable timeout =
                catchThrowable(() -> assertThat(barrier.accept(BRIEF).address()).isEqualTo(slow.address()));
        assertThat(timeout == null || timeout instanceof CamureTimeoutException).isTrue();
        Member member = loopback.member(coordinator);

        assertThatExceptionOfType(JoinTimeoutException.class)
                .as("nobody has accepted it")
                .isThrownBy(() -> member.joinBarrier(barrier.id(), BRIEF));
    }

    @Test
    void whoWaitsToBeAdmittedIsToldThatTheGroupIsClosed() throws Exception {
        Background<Barrier> joining = join(loopback.member(coordinator));
        barrier.close();

        assertThat(joining.failure())
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.GROUP_CLOSED));
    }

    @Test
    void closingTheGroupEndsAWaitingAccept() throws Exception {
        Background<Node> accepting = Background.run(() -> barrier.accept(LONG));
        accepting.awaitBlocked();
        barrier.close();

        assertThat(accepting.failure())
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.CLOSED));
    }

    @Test
    void aGroupThatAdmitsWhoeverAsksAcceptsNobody() {
        CoordinatorBarrier open = coordinator.createBarrier(GROUP);

        assertThatIllegalStateException().isThrownBy(() -> open.accept(LONG)).withMessageContaining("manual admission");
    }
}
