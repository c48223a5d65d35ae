package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that elect their coordinator by a lock in a database. */
class LockRegistryElectionTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

    private final List<Candidate> instances = new ArrayList<>();
    private Database database;

    private final Candidate.Census census = new Candidate.Census();

    private Candidate instance(String name) throws Exception {
        LockRegistryElection election =
                new LockRegistryElection("orders", database.locks(), database.store(), TIME_TO_LIVE);
        Candidate instance = new Candidate(name, election, census);
        instances.add(instance);
        return instance;
    }

    @BeforeEach
    void open() throws SQLException {
        database = new Database(TIME_TO_LIVE);
    }

    @AfterEach
    void close() throws SQLException {
        database.setAway(false);
        instances.forEach(Candidate::close);
        assertThat(threads()).isEmpty();
        assertThat(census.most()).as("coordinators at a time").isLessThanOrEqualTo(1);
        database.close();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure"))
                .toList();
    }

    private Candidate awaitLeader() {
        await().atMost(SOON).until(() -> instances.stream().anyMatch(Candidate::leads));
        return instances.stream().filter(Candidate::leads).findFirst().orElseThrow();
    }

    @Test
    void oneIsElectedAndAllKnowWhereItIs() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            instance(name);
        }
        Candidate leader = awaitLeader();
        assertThat(leader.terms).containsExactly(1L);
        for (Candidate each : instances) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(each.election.current()).hasValueSatisfying(record -> {
                        assertThat(record.term()).isOne();
                        assertThat(record.node().name()).isEqualTo(leader.name);
                        assertThat(record.address().getPort()).isEqualTo(7400);
                    }));
        }
        long before = leader.lease.endNanoTime();
        assertThat(Duration.ofNanos(before - System.nanoTime())).isLessThan(TIME_TO_LIVE);
        await().atMost(SOON).until(() -> leader.lease.endNanoTime() > before);
    }

    @Test
    void whoClosesIsFollowedInTheNextTermWithoutWaitingForTheTimeToLive() throws Exception {
        Candidate first = instance("a");
        assertThat(awaitLeader()).isSameAs(first);
        Candidate second = instance("b");
        first.close();
        assertThat(first.leads()).isFalse();
        assertThat(awaitLeader()).isSameAs(second);
        assertThat(second.terms).containsExactly(2L);
        second.close();
        assertThat(second.election.current()).as("nobody coordinates").isEmpty();

        Candidate third = instance("c");
        awaitLeader();
        assertThat(third.terms).containsExactly(3L);
    }

    @Test
    void whoseDatabaseIsAwayStepsDownAndTakesOverAgain() throws Exception {
        Candidate only = instance("a");
        awaitLeader();
        database.setAway(true);
        long awaySince = System.nanoTime();
        await().atMost(SOON).until(() -> !only.leads());
        assertThat(only.lease.endNanoTime() - awaySince).isLessThan(TIME_TO_LIVE.toNanos());
        assertThat(only.losses).last().asString().contains("camure.election.orders", "can't find out");
        assertThat(threads()).hasSize(1);
        await().pollDelay(TIME_TO_LIVE.plusSeconds(1))
                .atMost(SOON)
                .until(() -> threads().size() == 1);
        assertThat(only.leads()).isFalse();

        database.setAway(false);
        awaitLeader();
        assertThat(only.terms).containsExactly(1L, 2L);
    }

    @Test
    void anotherRecordInPlaceOfItsOwnIsReplacedByAHigherTerm() throws Exception {
        Candidate only = instance("a");
        awaitLeader();
        database.store().put("camure.election.orders", "41 10.0.0.9:7400 ghost");

        await().atMost(SOON).untilAsserted(() -> assertThat(only.terms).containsExactly(1L, 42L));
        assertThat(only.election.current())
                .hasValueSatisfying(record -> assertThat(record.node().name()).isEqualTo("a"));
    }

    /** Otherwise the members of the last term would take nobody for their coordinator until all have been started anew. */
    @Test
    void aStoreThatHasLostItsTermsGoesOnAboveWhatTheInstancesKnow() throws Exception {
        Candidate first = instance("a");
        awaitLeader();
        Candidate second = instance("b");
        second.highestTerm = 7;
        database.store().remove("camure.election.orders");
        first.close();
        database.store().remove("camure.election.orders");

        await().atMost(SOON).until(second::leads);
        assertThat(second.terms).last().isEqualTo(8L);
        assertThat(second.election.current())
                .hasValueSatisfying(record -> assertThat(record.term()).isEqualTo(8));
    }

    /** As when the database was restored from a backup: who has seen a later term would never join that one. */
    @Test
    void whoIsElectedBelowATermThatAnotherInstanceHasSeenBeginsAHigherOne() throws Exception {
        Candidate first = instance("a");
        awaitLeader();
        Candidate second = instance("b");
        second.highestTerm = 7;

        assertThat(second.election.current()).as("who can be joined").isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(first.terms).containsExactly(1L, 8L));
        assertThat(second.election.current()).hasValueSatisfying(record -> {
            assertThat(record.term()).isEqualTo(8);
            assertThat(record.node().name()).isEqualTo("a");
        });
    }

    @Test
    void whoCanNotCoordinateLetsAnotherOne() throws Exception {
        Candidate first = instance("a");
        awaitLeader();
        Candidate second = instance("b");
        second.refuses = true;
        Candidate third = instance("c");
        first.close();

        await().atMost(SOON).until(third::leads);
        assertThat(second.terms).isEmpty();
    }

    @Test
    void whoCanNotAskIsToldWhatFor() throws Exception {
        Candidate only = instance("a");
        awaitLeader();
        database.setAway(true);
        assertThatThrownBy(only.election::current)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("camure.election.orders");
    }
}
