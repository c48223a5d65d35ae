package io.camure.interop;

import static io.camure.test.support.Chunk.BARRIER;
import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.SESSION_JOIN;
import static io.camure.test.support.Chunk.ack;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.groupJoin;
import static io.camure.test.support.Chunk.groupWelcome;
import static io.camure.test.support.Chunk.leave;
import static io.camure.test.support.Chunk.reached;
import static io.camure.test.support.Chunk.sessionWelcome;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.GroupListener;
import io.camure.Node;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Legacy members get in and out of a session and its groups. */
class SessionOfLegacyMembersTest {

    private static final GroupConfig GROUP_0 = GroupConfig.builder().id(0).build();

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator();

    @AutoClose
    private ScriptedMember member;

    @BeforeEach
    void aMemberThatHasNotJoined() {
        member = new ScriptedMember(coordinator.address());
    }

    @AfterEach
    void letEverybodyGo() {
        member.confirmsClosing();
        coordinator.close();
    }

    @Test
    void welcomesWithTheSessionsSettings() {
        member.send(SESSION_JOIN).expect(sessionWelcome(coordinator.multicastAddress(), 1472, 1_000_000_000));

        assertThat(coordinator.memberCount()).isEqualTo(1);
    }

    @Test
    void welcomesAgainAtEachRepetitionOfTheJoin() {
        Chunk welcome = sessionWelcome(coordinator.multicastAddress(), 1472, 1_000_000_000);

        for (int i = 0; i < 4; i++) {
            member.send(SESSION_JOIN).expect(welcome);
        }

        assertThat(coordinator.memberCount()).isEqualTo(1);
    }

    @Test
    void welcomesWithSettingsOfItsOwn() {
        CoordinatorConfig config = CoordinatorConfig.builder()
                .legacyLinger(Duration.ZERO)
                .chunkSize(508)
                .heartbeatInterval(Duration.ofMillis(250))
                .memberTimeout(Duration.ofSeconds(1))
                .build();
        try (Coordinator small = Sessions.coordinator(config);
                ScriptedMember guest = new ScriptedMember(small.address())) {
            guest.send(SESSION_JOIN).expect(sessionWelcome(small.multicastAddress(), 508, 250_000_000));
        }
    }

    @Test
    void letsANodeInOnceItHasAcknowledgedTheWelcome() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();

        member.withoutAcknowledging().send(groupJoin(0, BARRIER)).expect(groupWelcome(0, 0));
        member.settle();
        assertThat(group.members()).isEmpty();

        member.send(ack(0, 0)).settle();
        assertThat(group.members())
                .extracting(member -> member.node().address())
                .containsExactly(member.address());
    }

    @Test
    void repeatsALostWelcome() throws InterruptedException {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();

        member.losingIncoming(1, Chunk.GROUP_WELCOME_ID).joinGroup(0, BARRIER);

        group.awaitMembers(1, DEADLINE);
    }

    @Test
    void repeatsAWelcomeWhoseAcknowledgementWasLost() throws InterruptedException {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();

        member.losingOutgoing(1, Chunk.GROUP_ACK_ID).joinGroup(0, BARRIER);
        member.expect(groupWelcome(0, 0));

        group.awaitMembers(1, DEADLINE);
    }

    @Test
    void keepsAMemberThatAsksToJoinOnceMore() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.joinGroup(0, BARRIER);

        member.send(groupJoin(0, BARRIER)).settle();

        assertThat(group.members())
                .extracting(member -> member.node().address())
                .containsExactly(member.address());
        assertThat(coordinator.statistics().datagramsDropped()).containsEntry("duplicate-join", 1L);
    }

    @Test
    void tellsWhoJoinsABarrierAsABroadcastThatItIsNone() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();

        member.send(groupJoin(0, BROADCAST))
                .expect(disconnected(0, "invalid channel type"))
                .settle();

        assertThat(group.members()).isEmpty();
    }

    @Test
    void tellsWhoJoinsABroadcastAsABarrierThatItIsNone() {
        coordinator.createBroadcast(GROUP_0);
        member.joinSession();

        member.send(groupJoin(0, BARRIER))
                .expect(disconnected(0, "invalid channel type"))
                .settle();
    }

    @Test
    void doesNotAnswerWhoJoinsAGroupThatThereIsNot() {
        member.joinSession();

        member.send(groupJoin(99, BARRIER)).send(groupJoin(99, BARRIER)).settle();

        assertThat(coordinator.statistics().datagramsDropped()).containsEntry("unknown-group", 2L);
    }

    @Test
    void letsAWaitingNodeIntoAGroupThatIsCreatedMeanwhile() throws InterruptedException {
        member.joinSession();
        member.send(groupJoin(3, BARRIER)).settle();

        CoordinatorBarrier late =
                coordinator.createBarrier(GroupConfig.builder().id(3).build());
        member.send(groupJoin(3, BARRIER)).expect(groupWelcome(3, 0));

        late.awaitMembers(1, DEADLINE);
    }

    @Test
    void confirmsALeave() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.joinGroup(0, BARRIER);

        member.send(leave(0)).expect(disconnected(0, "leave"));

        assertThat(group.members()).isEmpty();
    }

    @Test
    void confirmsALeaveAgainWhenTheConfirmationWasLost() {
        coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.joinGroup(0, BARRIER);

        member.losingIncoming(1, Chunk.GROUP_DISCONNECTED_ID).send(leave(0)).settle();
        member.send(leave(0)).expect(disconnected(0, "leave"));
    }

    @Test
    void confirmsTheLeaveOfANodeThatNeverJoined() {
        coordinator.createBarrier(GROUP_0);

        member.send(leave(0)).expect(disconnected(0, "leave"));
    }

    @Test
    void aLeaveThatOvertakesTheAcknowledgementOfTheWelcomeLeavesNoMemberBehind() throws Exception {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.withoutAcknowledging().send(groupJoin(0, BARRIER)).expect(groupWelcome(0, 0));

        member.send(leave(0)).send(ack(0, 0)).expect(disconnected(0, "leave")).settle();

        assertThat(group.members()).isEmpty();
        try (ScriptedMember other = ScriptedMember.inSession(coordinator.address())) {
            other.joinGroup(0, BARRIER);
            other.send(reached(0, 0)).expect(ack(0, 0));
            assertThat(group.await(DEADLINE).size()).isEqualTo(2);
        }
    }

    @Test
    void aNodeCanComeBackRightAfterItsLeave() throws InterruptedException {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        for (int i = 0; i < 20; i++) {
            member.joinGroup(0, BARRIER);
            member.send(leave(0)).expect(disconnected(0, "leave"));
        }
        member.joinGroup(0, BARRIER);

        group.awaitMembers(1, DEADLINE);
    }

    @Test
    void tellsANodeThatActsAsAMemberThatItIsNone() {
        coordinator.createBarrier(GROUP_0);
        member.joinSession();

        member.send(reached(0, 0)).expect(disconnected(0, "not a member"));
        member.send(ack(0, 5)).expect(disconnected(0, "not a member")).settle();

        assertThat(coordinator.statistics().datagramsDropped()).containsEntry("not-a-member", 2L);
    }

    @Test
    void aClosedGroupIsToldUntilTheMemberConfirms() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.losingIncoming(2, Chunk.GROUP_DISCONNECTED_ID).joinGroup(0, BARRIER);

        CompletableFuture<Boolean> closing = Background.async(() -> {
            group.close();
            return true;
        });

        member.expect(disconnected(0, "")).send(leave(0)).expect(disconnected(0, "leave"));
        assertThat(closing).succeedsWithin(DEADLINE);
    }

    @Test
    void tellsAMemberOfAClosedGroupThatItIsClosedWheneverItActs() {
        CoordinatorBarrier group = coordinator.createBarrier(GROUP_0);
        member.joinSession();
        member.joinGroup(0, BARRIER);
        group.close();
        member.expect(disconnected(0, ""));

        member.send(reached(0, 0)).expect(disconnected(0, ""));
    }

    @Test
    void evictsAMemberThatIsSilentAndKeepsTheOneThatSendsHeartbeats() {
        CoordinatorConfig config = CoordinatorConfig.builder()
                .legacyLinger(Duration.ZERO)
                .heartbeatInterval(Duration.ofMillis(200))
                .memberTimeout(Duration.ofSeconds(4))
                .build();
        try (Coordinator hasty = Sessions.coordinator(config);
                ScriptedMember alive = ScriptedMember.inSession(hasty.address());
                ScriptedMember dead = ScriptedMember.inSession(hasty.address())) {
            CoordinatorBarrier group = hasty.createBarrier(GROUP_0);
            Queue<InetSocketAddress> lost = new ConcurrentLinkedQueue<>();
            group.addListener(new GroupListener() {
                @Override
                public void memberLost(Node member) {
                    lost.add(member.address());
                }
            });
            alive.heartbeatEvery(Duration.ofMillis(200)).joinGroup(0, BARRIER);
            dead.joinGroup(0, BARRIER);

            dead.dies().expect(disconnected(0, "timeout"));

            await().atMost(DEADLINE).until(() -> lost.contains(dead.address()));
            assertThat(group.members())
                    .extracting(member -> member.node().address())
                    .containsExactly(alive.address());
            assertThat(hasty.memberCount()).isEqualTo(1);
        }
    }
}
