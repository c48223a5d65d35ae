package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.GroupRegainedEvent;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Members that have lost a group, or have not found it yet, while their coordinator is there. */
class GroupRejoinTest {

    private final int port = TestSession.freePort();

    private ApplicationContextRunner member() {
        return RejoinWitness.member(port);
    }

    @Test
    void aGroupThatIsCreatedAnewIsJoinedAgainWhileTheOthersStay() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            coordinator.createBarrier(GroupConfig.builder().id(0).build());
            CoordinatorBarrier finish =
                    coordinator.createBarrier(GroupConfig.builder().id(7).build());
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            member().run(member -> {
                finish.awaitMembers(1, TestSession.SOON);
                files.awaitMembers(1, TestSession.SOON);
                // Or it finds that it is out before it has found that it was in.
                await().atMost(TestSession.SOON).until(member.getBean("files", BroadcastReceiver.class)::isOpen);
                Member before = member.getBean(Member.class);
                String address = before.address().toString();
                files.close();
                BroadcastGroup again =
                        coordinator.createBroadcast(GroupConfig.builder().id(1).build());
                again.awaitMembers(1, TestSession.SOON);
                again.send("again".getBytes());

                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(member.getBean(RejoinWitness.class).received)
                                .containsExactly("again"));
                assertThat(finish.members()).hasSize(1);
                assertThat(member.getBean(Member.class).address()).hasToString(address);
                await().atMost(TestSession.SOON)
                        .untilAsserted(() -> assertThat(member.getBean(RejoinWitness.class).events)
                                .hasSize(2));
                assertThat(member.getBean(RejoinWitness.class).events)
                        .first()
                        .isInstanceOfSatisfying(GroupLostEvent.class, lost -> {
                            assertThat(lost.group()).isEqualTo("files");
                            assertThat(((DisconnectedException) lost.cause()).reason())
                                    .isEqualTo(DisconnectedException.Reason.GROUP_CLOSED);
                        });
                assertThat(member.getBean(RejoinWitness.class).events)
                        .last()
                        .isInstanceOfSatisfying(GroupRegainedEvent.class, regained -> {
                            assertThat(regained.group()).isEqualTo("files");
                            assertThat(regained.outage()).isPositive();
                        });
            });
        });
    }

    @Test
    void aGroupThatIsGoneKeepsNoOtherFromBeingJoinedAgain() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            CoordinatorBarrier startLine =
                    coordinator.createBarrier(GroupConfig.builder().id(0).build());
            coordinator.createBarrier(GroupConfig.builder().id(7).build());
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            member().withPropertyValues("camure.member.join-timeout=100ms").run(member -> {
                startLine.awaitMembers(1, TestSession.SOON);
                files.awaitMembers(1, TestSession.SOON);
                startLine.close();
                files.close();
                BroadcastGroup again =
                        coordinator.createBroadcast(GroupConfig.builder().id(1).build());
                again.awaitMembers(1, TestSession.SOON);
                coordinator.createBarrier(GroupConfig.builder().id(0).build()).awaitMembers(1, TestSession.SOON);
            });
        });
    }

    @Test
    void aGroupThatIsNotThereYetKeepsNoOtherFromBeingJoined() {
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            BroadcastGroup files =
                    coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            member().withPropertyValues("camure.member.join-timeout=100ms")
                    .run(member -> files.awaitMembers(1, TestSession.SOON));
        });
    }
}
