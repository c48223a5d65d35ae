package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.spring.CamureGroups;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.NodeHistoryDescriptor;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What the endpoint tells of the last minutes. */
class HistoryTest {

    private static ApplicationContextRunner exposed(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "spring.jmx.enabled=true",
                "management.endpoints.jmx.exposure.include=camure",
                "management.endpoint.camure.show-values=always");
    }

    private static HistoryDescriptor history(ApplicationContext context) {
        return context.getBean(CamureEndpoint.class).past("history");
    }

    private static GroupHistoryDescriptor group(ApplicationContext context, String name) {
        return history(context).groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCoordinatorHasRecordedWhoCameAndWhoKeptRoundsWaiting() {
        exposed(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    await().atMost(TestSession.SOON)
                            .until(() -> !history(coordinator).groups().isEmpty());
                    TestSession.meet(coordinator, member);
                    TestSession.meet(coordinator, member);
                    // A round is counted a moment after it has ended.
                    await().atMost(TestSession.SOON).until(() -> {
                        GroupHistoryDescriptor now = group(coordinator, "start-line");
                        return now.recent().size() >= 2 && now.series().containsKey("medianMicros");
                    });
                    GroupHistoryDescriptor past = group(coordinator, "start-line");
                    assertThat(past.nodes())
                            .extracting(NodeHistoryDescriptor::name)
                            .containsExactlyInAnyOrder("coordinator", "member");
                    assertThat(past.nodes().stream()
                                    .mapToLong(NodeHistoryDescriptor::timesLast)
                                    .sum())
                            .isGreaterThanOrEqualTo(2);
                    assertThat(past.series()).containsKeys("rounds", "medianMicros", "p99Micros");
                    assertThat(past.times()).isNotEmpty();
                    assertThat(past.recent().get(0))
                            .containsKeys("number", "beganMillis", "durationMicros", "broken", "arrivalMicros");
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(history(coordinator).events())
                                    .extracting(EventDescriptor::kind, EventDescriptor::group, EventDescriptor::node)
                                    .contains(tuple("joined", "start-line", "member")));
                }));
    }

    @Test
    void whoLeftIsToldWithTheTime() {
        exposed(TestSession.coordinator()).run(coordinator -> {
            TestSession.memberOf(coordinator).run(member -> {});
            await().atMost(TestSession.SOON)
                    .until(() -> history(coordinator).events().stream()
                            .anyMatch(event -> event.kind().equals("left")));
            assertThat(history(coordinator).events())
                    .filteredOn(event -> event.kind().equals("left"))
                    .allSatisfy(event -> {
                        assertThat(event.text())
                                .startsWith("member (127.0.0.1:")
                                .endsWith(") has left");
                        assertThat(event.time())
                                .isBefore(history(coordinator).time().plusMillis(1));
                    });
        });
    }

    @Test
    void eventsAreBounded() {
        exposed(TestSession.coordinator()).run(context -> {
            for (int i = 0; i < 500; i++) {
                context.publishEvent(new MemberJoinedEvent(
                        "default",
                        "coordinator",
                        "start-line",
                        new Node("node-" + i, new InetSocketAddress("10.0.0.1", 1 + i), i)));
            }
            List<EventDescriptor> events = history(context).events();
            assertThat(events).hasSize(200);
            assertThat(events.get(199).node()).isEqualTo("node-499");
        });
    }

    @Test
    void aGroupThatIsRemovedIsForgotten() {
        exposed(TestSession.coordinator()).run(context -> {
            context.getBean(CamureGroups.class).createBarrier("phase-2", GroupConfig.defaults());
            await().atMost(TestSession.SOON)
                    .until(() -> history(context).groups().stream()
                            .anyMatch(group -> group.name().equals("phase-2")));
            context.getBean(CamureGroups.class).remove("phase-2");
            assertThat(history(context).groups())
                    .extracting(GroupHistoryDescriptor::name)
                    .doesNotContain("phase-2");
        });
    }

    @Test
    void thereIsNoOtherPast() {
        exposed(TestSession.coordinator())
                .run(context -> assertThat(context.getBean(CamureEndpoint.class).past("future"))
                        .isNull());
    }
}
