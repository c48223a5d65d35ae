package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestMeters.count;
import static io.camure.spring.boot.autoconfigure.TestMeters.gauge;
import static io.camure.spring.boot.autoconfigure.TestMeters.registry;
import static io.camure.spring.boot.autoconfigure.TestMeters.rounds;
import static io.camure.spring.boot.autoconfigure.TestSession.metered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;

/** Which meters a node has, and when. */
class MetersTest {

    @Test
    void allMetersAreThereFromTheStartWithDescriptionsAndTheUnitsThatTheyNeed() {
        metered(TestSession.coordinator()).run(context -> {
            List<Meter> meters = registry(context).getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith("camure."))
                    .toList();
            assertThat(meters.stream().map(meter -> meter.getId().getName()).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "camure.round",
                            "camure.rtt",
                            "camure.barrier.wait",
                            "camure.barrier.missing.members",
                            "camure.barrier.pending",
                            "camure.group.open",
                            "camure.group.members",
                            "camure.group.expected.members",
                            "camure.broadcast.messages",
                            "camure.broadcast.bytes",
                            "camure.broadcast.window.used",
                            "camure.broadcast.window.size",
                            "camure.broadcast.slow.members",
                            "camure.status.reports",
                            "camure.unicast.members",
                            "camure.path.size",
                            "camure.path.lowered.members",
                            "camure.headers",
                            "camure.handshakes",
                            "camure.key.age",
                            "camure.key.changes",
                            "camure.datagrams",
                            "camure.datagrams.dropped",
                            "camure.datagrams.send.failures",
                            "camure.retransmissions");
            assertThat(meters).allSatisfy(meter -> {
                assertThat(meter.getId().getDescription()).isNotBlank();
                // Whether or not has no unit, and neither has what a session counts: its name says what that is.
                assertThat(meter.getId().getBaseUnit() == null)
                        .as("%s", meter.getId())
                        .isEqualTo(meter.getId().getName().equals("camure.group.open")
                                || meter.getId().getTag("session") != null
                                        && !Set.of("camure.path.size", "camure.key.age")
                                                .contains(meter.getId().getName()));
                assertThat(meter.getId().getTags())
                        .extracting(Tag::getKey)
                        .isSubsetOf("group", "kind", "session", "outcome", "direction", "reason");
            });
            assertThat(rounds(context, "finish", "failed").count()).isZero();
            assertThat(count(context, "camure.datagrams.dropped", "reason", "truncated"))
                    .isZero();
        });
    }

    @Test
    void theRegistryIsNotMadeBeforeWhatChangesIt() {
        metered(TestSession.coordinator())
                .withBean(
                        "tags",
                        MeterRegistryCustomizer.class,
                        () -> registry -> registry.config().commonTags("region", "here"))
                .run(context -> assertThat(registry(context).getMeters())
                        .filteredOn(meter -> meter.getId().getName().startsWith("camure."))
                        .isNotEmpty()
                        .allSatisfy(meter ->
                                assertThat(meter.getId().getTag("region")).isEqualTo("here")));
    }

    @Test
    void groupsAreOpenUntilTheyAreLost() {
        TestSession.coordinator()
                .run(coordinator -> metered(TestSession.memberOf(coordinator)).run(member -> {
                    assertThat(gauge(member, "camure.group.open", "files")).isOne();
                    coordinator.getSourceApplicationContext().stop();
                    await().atMost(TestSession.SOON).until(() -> gauge(member, "camure.group.open", "files") == 0);
                }));
    }

    @Test
    void anApplicationWithoutASessionHasNoMeters() {
        metered(TestSession.application())
                .run(context -> assertThat(registry(context).getMeters())
                        .noneMatch(meter -> meter.getId().getName().startsWith("camure.")));
    }
}
