package io.camure.spring.boot.test.guide;

import static io.camure.test.CamureAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.Outcome;
import io.camure.Reducer;
import io.camure.Round;
import io.camure.ValueCodec;
import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestInbox;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

/** What the recipes do at the coordinator. */
@CamureTest(properties = "spring.config.name=guides")
@Import({
    Simulation.class,
    NightlyImport.class,
    Caches.class,
    CacheRefresher.class,
    Publisher.class,
    Migration.class,
    Shards.class,
    Report.class
})
@ActiveProfiles("coordinator")
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class CoordinatorGuidesTest {

    @Autowired
    CamureTestNetwork network;

    CamureTestMember alice;
    CamureTestMember bob;

    @BeforeEach
    void twoMembersAreThere() throws InterruptedException {
        alice = network.joinMember("alice");
        bob = network.joinMember("bob");
    }

    @Test
    void stepsAreMadeTogetherUntilSomebodyIsLost(@Autowired Simulation simulation) throws Exception {
        CompletableFuture<Round> first = alice.joinBarrier("step").awaitAsync();
        bob.joinBarrier("step").awaitAsync().thenRun(bob::crash);

        assertThat(simulation.run(2)).isEqualTo(1);
        assertThat(first.get(30, TimeUnit.SECONDS)).hasParticipants(3);
    }

    @Test
    void aPhaseEndsForAllAtOnce(@Autowired NightlyImport nightlyImport) throws Exception {
        CompletableFuture<Round> others = alice.joinBarrier("phase").awaitAsync();
        bob.joinBarrier("phase").awaitAsync();
        nightlyImport.load();

        assertThat(nightlyImport.done()).containsExactly("loaded");
        assertThat(others.get(30, TimeUnit.SECONDS)).hasParticipants(3);
    }

    @Test
    void cachesAreRefreshedEverywhere(@Autowired CacheRefresher refresher, @Autowired Caches caches) throws Exception {
        CamureTestInbox inbox = alice.joinBroadcast("refresh");
        caches.put("prices", "stale");
        refresher.refresh("prices").get(30, TimeUnit.SECONDS);

        inbox.awaitMessages(1);
        assertThat(inbox).hasReceived("{\"cache\":\"prices\"}");
        assertThat(caches.get("prices")).isNotEqualTo("stale");
    }

    @Test
    void filesAndFramesReachTheMembers(@Autowired Publisher publisher, @TempDir Path directory)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("file"), "content ".repeat(1000));
        CamureTestInbox files = alice.joinBroadcast("files");
        CamureTestInbox filesOfBob = bob.joinBroadcast("files");
        CamureTestInbox frames = bob.joinBroadcast("frames");
        publisher.publish(file);
        publisher.publish(new Frame(1, "..."));

        files.awaitMessages(1);
        assertThat(files).hasReceived("content ".repeat(1000));
        filesOfBob.awaitMessages(1);
        assertThat(filesOfBob).hasReceived("content ".repeat(1000));
        frames.awaitMessages(1);
        assertThat(frames).hasReceived("{\"number\":1,\"pixels\":\"...\"}");
    }

    private static CollectiveConfig<Long> longs(Reducer<Long> reducer) {
        return CollectiveConfig.builder(ValueCodec.longs()).reducer(reducer).build();
    }

    @Test
    void aMigrationStartsOnceAllUnderstandIt(@Autowired Migration migration) throws Exception {
        Collective<Long> aliceGives = alice.joinCollective("schema", longs(Reducer.min()));
        Collective<Long> bobGives = bob.joinCollective("schema", longs(Reducer.min()));
        aliceGives.allReduceAsync(7L);
        CompletableFuture<Outcome<Long>> least = bobGives.allReduceAsync(6L);

        assertThat(migration.mayStart(7, 7)).isFalse();
        assertThat(least.get(30, TimeUnit.SECONDS).value()).isEqualTo(6);

        aliceGives.allReduceAsync(7L);
        bobGives.allReduceAsync(8L);
        assertThat(migration.mayStart(7, 7)).isTrue();
    }

    @Test
    void theWorkIsShared(@Autowired Shards shards) throws Exception {
        CollectiveConfig<Boolean> booleans =
                CollectiveConfig.builder(ValueCodec.booleans()).build();
        CompletableFuture<Outcome<Boolean>> begun =
                alice.joinCollective("shards", booleans).agreeAsync(true);
        bob.joinCollective("shards", booleans).agreeAsync(true);

        assertThat(shards.ownOf(List.of(1, 2, 3, 4, 5, 6))).containsExactly(3, 6);
        Round round = begun.get(30, TimeUnit.SECONDS).round();
        assertThat(round.size()).isEqualTo(3);
        assertThat(round.rank()).isEqualTo(1);
    }

    @Test
    void theTurnoverIsThatOfAll(@Autowired Report report) throws Exception {
        alice.joinCollective("turnover", longs(Reducer.sum())).allReduceAsync(1000L);
        bob.joinCollective("turnover", longs(Reducer.sum())).allReduceAsync(200L);

        assertThat(report.of(List.of(30L, 4L))).isEqualTo(1234);
    }
}
