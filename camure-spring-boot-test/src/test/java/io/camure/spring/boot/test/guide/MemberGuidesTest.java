package io.camure.spring.boot.test.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.CoordinatorBarrier;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.boot.test.CamureListenerHarness;
import io.camure.spring.boot.test.CamureTest;
import io.camure.spring.boot.test.CamureTestEvents;
import io.camure.test.CamureTestCoordinator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What the recipes do at a member. */
@CamureTest(properties = "spring.config.name=guides")
@Import({Simulation.class, NightlyImport.class, Caches.class})
@ActiveProfiles("member")
@Timeout(120)
class MemberGuidesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    @Autowired
    CamureTestCoordinator coordinator;

    @Autowired
    CamureListenerHarness listeners;

    @DynamicPropertySource
    static void target(DynamicPropertyRegistry registry) {
        registry.add("target", () -> directory.resolve("file").toString());
    }

    @Test
    void aFileIsStored() throws Exception {
        coordinator.broadcast("files").send("content".getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(directory.resolve("file")).hasContent("content"));
    }

    @Test
    void theLastFrameIsShown(@Autowired Subscriber subscriber) throws Exception {
        coordinator.broadcast("frames").send("{\"number\":7,\"pixels\":\"\"}".getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON).until(() -> subscriber.lastFrame() == 7);
    }

    @Test
    void aCacheIsRefreshedWhenToldAndAllOfThemWhenTheCoordinatorIsBack(
            @Autowired Caches caches, @Autowired CamureTestEvents events) throws Exception {
        caches.put("prices", "stale");
        coordinator.broadcast("refresh").send("{\"cache\":\"prices\"}".getBytes(StandardCharsets.UTF_8));
        listeners.awaitReceived("refresh", 1, Refresh.class);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(caches.get("prices")).isNotEqualTo("stale"));

        caches.put("prices", "stale");
        coordinator.crash();
        coordinator.restart();
        events.await(CoordinatorRegainedEvent.class);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(caches.get("prices")).isNotEqualTo("stale"));
    }

    @Test
    void aPhaseIsOverWhenTheOthersAreDoneToo(@Autowired NightlyImport nightlyImport) throws Exception {
        CoordinatorBarrier phase = coordinator.barrier("phase");
        CompletableFuture<Void> member = CompletableFuture.runAsync(() -> {
            nightlyImport.load();
            nightlyImport.aggregate();
        });
        await().atMost(SOON).until(() -> nightlyImport.done().size() == 1);
        phase.await();
        phase.await();
        member.get(SOON.toSeconds(), TimeUnit.SECONDS);

        assertThat(nightlyImport.done()).containsExactly("loaded", "aggregated");
    }
}
