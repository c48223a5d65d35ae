package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestMeters.count;
import static io.camure.spring.boot.autoconfigure.TestMeters.gauge;
import static io.camure.spring.boot.autoconfigure.TestMeters.handled;
import static io.camure.spring.boot.autoconfigure.TestMeters.rounds;
import static io.camure.spring.boot.autoconfigure.TestSession.meet;
import static io.camure.spring.boot.autoconfigure.TestSession.metered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.GroupConfig;
import io.camure.spring.CamureListener;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of messages and their listeners. */
class BroadcastMetersTest {

    static class Listener {
        @CamureListener(group = "files")
        void on(String content) {
            if (content.equals("bad")) {
                throw new IllegalArgumentException("on purpose");
            }
        }
    }

    @Test
    void messagesAndTheirListenersAreCounted() {
        metered(TestSession.coordinator())
                .run(coordinator -> metered(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            assertThat(gauge(member, "camure.listener.running", "files"))
                                    .isOne();
                            assertThat(gauge(member, "camure.listener.queue.size", "files"))
                                    .isZero();
                            assertThat(gauge(member, "camure.listener.queue.capacity", "files"))
                                    .isZero();
                            for (String reason : List.of("full", "superseded", "closing")) {
                                assertThat(count(member, "camure.listener.dropped", "group", "files", "reason", reason))
                                        .isZero();
                            }
                            assertThat(handled(member, "success")).isZero();
                            assertThat(handled(member, "failure")).isZero();
                            for (String message : List.of("good", "bad", "good")) {
                                coordinator.getBean(BroadcastGroup.class).send(message.getBytes());
                            }
                            await().atMost(TestSession.SOON).untilAsserted(() -> {
                                assertThat(handled(member, "success")).isEqualTo(2);
                                assertThat(handled(member, "failure")).isOne();
                            });
                            assertThat(count(
                                            coordinator,
                                            "camure.broadcast.messages",
                                            "group",
                                            "files",
                                            "direction",
                                            "sent"))
                                    .isEqualTo(3);
                            assertThat(count(
                                            member,
                                            "camure.broadcast.messages",
                                            "group",
                                            "files",
                                            "direction",
                                            "received"))
                                    .isEqualTo(3);
                            assertThat(count(member, "camure.broadcast.bytes", "direction", "received"))
                                    .isEqualTo(11);
                            assertThat(count(coordinator, "camure.broadcast.bytes", "direction", "sent"))
                                    .isEqualTo(11);
                            assertThat(gauge(coordinator, "camure.broadcast.window.size", "files"))
                                    .isEqualTo(512);
                            assertThat(gauge(member, "camure.broadcast.window.used", "files"))
                                    .isZero();
                        }));
    }

    @Test
    void metersCountOnWhenTheSessionIsStoppedAndStarted() {
        metered(TestSession.coordinator())
                .run(coordinator -> metered(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            meet(coordinator, member);
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(handled(member, "success"))
                                            .isOne());
                            double datagrams = count(member, "camure.datagrams", "direction", "received");
                            assertThat(datagrams).isPositive();

                            member.getSourceApplicationContext().stop();
                            assertThat(count(member, "camure.datagrams", "direction", "received"))
                                    .isGreaterThanOrEqualTo(datagrams);
                            assertThat(count(member, "camure.broadcast.messages", "direction", "received"))
                                    .isOne();
                            member.getSourceApplicationContext().start();
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            meet(coordinator, member);

                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(handled(member, "success"))
                                            .isEqualTo(2));
                            assertThat(count(member, "camure.broadcast.messages", "direction", "received"))
                                    .isEqualTo(2);
                            assertThat(count(member, "camure.datagrams", "direction", "received"))
                                    .isGreaterThan(datagrams);
                            assertThat(rounds(member, "start-line", "completed").count())
                                    .isEqualTo(2);
                        }));
    }

    @Test
    void metersCountOnWhenTheGroupIsLostAndJoinedAgain() {
        int port = TestSession.freePort();
        TestSession.coordinatorWithoutGroups(port).run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            BroadcastGroup first =
                    coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            metered(TestSession.memberWithoutGroups(port))
                    .withPropertyValues(
                            "camure.groups.files.type=broadcast",
                            "camure.groups.files.id=1",
                            "camure.member.rejoin.initial-interval=20ms")
                    .withBean(Listener.class)
                    .run(member -> {
                        first.send("good".getBytes());
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() ->
                                        assertThat(handled(member, "success")).isOne());
                        first.close();
                        BroadcastGroup second = coordinator.createBroadcast(
                                GroupConfig.builder().id(1).build());
                        second.awaitMembers(1, TestSession.SOON);
                        second.send("good".getBytes());
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() ->
                                        assertThat(handled(member, "success")).isEqualTo(2));
                        assertThat(count(member, "camure.broadcast.messages", "direction", "received"))
                                .isEqualTo(2);
                    });
        });
    }
}
