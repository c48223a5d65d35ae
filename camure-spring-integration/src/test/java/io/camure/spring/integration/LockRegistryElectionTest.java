package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.CoordinatorLease;
import io.camure.Node;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances that elect their coordinator by a lock in a database. */
class LockRegistryElectionTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

    private final List<Instance> instances = new ArrayList<>();
    private Database database;

    /** How many coordinate now, and whether that were ever two. */
    private final AtomicInteger coordinating = new AtomicInteger();

    private final AtomicInteger most = new AtomicInteger();

    private final class Instance implements CoordinatorElection.Listener {

        final String name;
        final LockRegistryElection election;
        final List<Long> terms = new CopyOnWriteArrayList<>();
        final List<String> losses = new CopyOnWriteArrayList<>();
        final CoordinatorElection.Registration registration;
        volatile CoordinatorLease lease;
        volatile boolean refuses;
        private boolean leads;

        Instance(String name) throws Exception {
            this.name = name;
            election = new LockRegistryElection("orders", database.locks(), database.store(), TIME_TO_LIVE);
            InetSocketAddress address = new InetSocketAddress("10.0.0." + (instances.size() + 1), 7400);
            instances.add(this);
            registration = election.campaign(new CoordinatorRecord(0, new Node(name, address, 0), address), this);
        }

        @Override
        public synchronized void onElected(long term, CoordinatorLease given) {
            if (refuses) {
                throw new IllegalStateException("the port is taken");
            }
            if (!leads) {
                leads = true;
                most.accumulateAndGet(coordinating.incrementAndGet(), Math::max);
            }
            lease = given;
            terms.add(term);
        }

        @Override
        public synchronized void onLost(String why) {
            if (leads) {
                leads = false;
                coordinating.decrementAndGet();
            }
            losses.add(why);
        }

        synchronized boolean leads() {
            return leads;
        }
    }

    @BeforeEach
    void open() throws SQLException {
        database = new Database(TIME_TO_LIVE);
    }

    @AfterEach
    void close() throws SQLException {
        database.setAway(false);
        instances.forEach(instance -> instance.registration.close());
        assertThat(threads()).isEmpty();
        assertThat(most.get()).as("coordinators at a time").isLessThanOrEqualTo(1);
        database.close();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure"))
                .toList();
    }

    private Instance awaitLeader() {
        await().atMost(SOON).until(() -> instances.stream().anyMatch(Instance::leads));
        return instances.stream().filter(Instance::leads).findFirst().orElseThrow();
    }

    @Test
    void oneIsElectedAndAllKnowWhereItIs() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            new Instance(name);
        }
        Instance leader = awaitLeader();
        assertThat(leader.terms).containsExactly(1L);
        for (Instance each : instances) {
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
        Instance first = new Instance("a");
        assertThat(awaitLeader()).isSameAs(first);
        Instance second = new Instance("b");
        first.registration.close();
        assertThat(first.leads()).isFalse();
        assertThat(awaitLeader()).isSameAs(second);
        assertThat(second.terms).containsExactly(2L);
        second.registration.close();
        assertThat(second.election.current()).as("nobody coordinates").isEmpty();

        Instance third = new Instance("c");
        awaitLeader();
        assertThat(third.terms).containsExactly(3L);
    }

    @Test
    void whoseDatabaseIsAwayStepsDownAndTakesOverAgain() throws Exception {
        Instance only = new Instance("a");
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
        Instance only = new Instance("a");
        awaitLeader();
        database.store().put("camure.election.orders", "41 10.0.0.9:7400 ghost");

        await().atMost(SOON).untilAsserted(() -> assertThat(only.terms).containsExactly(1L, 42L));
        assertThat(only.election.current())
                .hasValueSatisfying(record -> assertThat(record.node().name()).isEqualTo("a"));
    }

    @Test
    void whoCanNotCoordinateLetsAnotherOne() throws Exception {
        Instance first = new Instance("a");
        awaitLeader();
        Instance second = new Instance("b");
        second.refuses = true;
        Instance third = new Instance("c");
        first.registration.close();

        await().atMost(SOON).until(third::leads);
        assertThat(second.terms).isEmpty();
    }

    @Test
    void whoCanNotAskIsToldWhatFor() throws Exception {
        Instance only = new Instance("a");
        awaitLeader();
        database.setAway(true);
        assertThatThrownBy(only.election::current)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("camure.election.orders");
    }
}
