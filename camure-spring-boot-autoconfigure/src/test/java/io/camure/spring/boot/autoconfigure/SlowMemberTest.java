package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.Member;
import io.camure.Node;
import io.camure.spring.CamureEvent;
import io.camure.spring.CamureListener;
import io.camure.spring.MemberCaughtUpEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import io.camure.spring.MemberSlowEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** What a coordinator shows and does of a member whose listener takes too long. */
class SlowMemberTest {

    private static final int MESSAGES = 1000;

    static class Witness {
        final List<CamureEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(CamureEvent event) {
            events.add(event);
        }
    }

    static class BusyListener {
        final CountDownLatch busy = new CountDownLatch(1);

        @CamureListener(group = "files")
        void onFile(byte[] file) throws InterruptedException {
            busy.await();
        }
    }

    private static ApplicationContextRunner coordinator(String slowMember) {
        return TestSession.metered(TestSession.coordinator())
                .withBean(Witness.class)
                .withPropertyValues(
                        "camure.groups.files.slow-member=" + slowMember, "camure.groups.files.slow-member-patience=2s");
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return TestSession.memberOf(coordinator)
                .withBean(BusyListener.class)
                .withPropertyValues("camure.member.receive-window=128", "camure.member.rejoin.enabled=false");
    }

    /** Sends more than the member has room for. */
    private static CompletableFuture<Void> send(ApplicationContext coordinator) {
        BroadcastGroup group = coordinator.getBean("files", BroadcastGroup.class);
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    group.send(new byte[800]);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Health health(ApplicationContext coordinator) {
        CompositeHealthContributor contributor =
                coordinator.getBean("camureHealthContributor", CompositeHealthContributor.class);
        return ((HealthIndicator) contributor.getContributor("files")).health();
    }

    private static double slowMembers(ApplicationContext coordinator) {
        return coordinator
                .getBean(MeterRegistry.class)
                .get("camure.broadcast.slow.members")
                .tag("group", "files")
                .gauge()
                .value();
    }

    private static void awaitEvents(ApplicationContext coordinator, CamureEvent... expected) {
        List<CamureEvent> events = coordinator.getBean(Witness.class).events;
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(events).contains(expected[expected.length - 1]));
        assertThat(events)
                .filteredOn(event -> !(event instanceof MemberJoinedEvent))
                .containsExactly(expected);
    }

    /** As its coordinator knows it. */
    private static Node node(Member member) {
        return new Node(member.name(), member.address(), member.incarnation());
    }

    @Test
    void itIsNamedUntilItHasCaughtUp() {
        coordinator("wait")
                .run(coordinator -> memberOf(coordinator).run(member -> {
                    Node node = node(member.getBean(Member.class));
                    CamureEvent slow = new MemberSlowEvent("default", "coordinator", "files", node);
                    assertThat(health(coordinator).getDetails()).containsEntry("slowMembers", Map.of());
                    CompletableFuture<Void> sending = send(coordinator);

                    awaitEvents(coordinator, slow);
                    assertThat(health(coordinator).getStatus()).isEqualTo(Status.UP);
                    assertThat(health(coordinator).getDetails().get("slowMembers"))
                            .asInstanceOf(InstanceOfAssertFactories.MAP)
                            .containsOnlyKeys(
                                    "member (127.0.0.1:" + node.address().getPort() + ")");
                    assertThat(slowMembers(coordinator)).isOne();

                    member.getBean(BusyListener.class).busy.countDown();
                    assertThat(sending).succeedsWithin(TestSession.SOON);
                    CamureEvent caughtUp = new MemberCaughtUpEvent("default", "coordinator", "files", node);
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(coordinator.getBean(Witness.class).events)
                                    .endsWith(caughtUp));
                    assertThat(health(coordinator).getDetails()).containsEntry("slowMembers", Map.of());
                    assertThat(slowMembers(coordinator)).isZero();
                }));
    }

    @Test
    void itIsEvictedWhereThatIsWanted() {
        coordinator("evict")
                .run(coordinator -> memberOf(coordinator).run(member -> {
                    Node node = node(member.getBean(Member.class));
                    assertThat(send(coordinator)).succeedsWithin(TestSession.SOON);

                    awaitEvents(
                            coordinator,
                            new MemberSlowEvent("default", "coordinator", "files", node),
                            new MemberLeftEvent(
                                    "default", "coordinator", "files", node, MemberLeftEvent.Reason.EVICTED));
                    assertThat(slowMembers(coordinator)).isZero();
                    member.getBean(BusyListener.class).busy.countDown();
                }));
    }
}
