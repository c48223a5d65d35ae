package io.camure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.CoordinatorLease;
import io.camure.Node;
import io.camure.Round;
import io.camure.spring.CamureGroups;
import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureMessagingAutoConfiguration;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Instances that elect their coordinator by a Lease, on a server that only keeps what it is given. */
@EnableKubernetesMockClient(crud = true)
class KubernetesLeaseElectionTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(2);

    private KubernetesMockServer server;
    private KubernetesClient client;
    private Duration renewDeadline = RENEW_DEADLINE;
    private final List<Instance> instances = new ArrayList<>();

    private final class Instance implements CoordinatorElection.Listener {

        final KubernetesLeaseElection election;
        final List<Long> terms = new CopyOnWriteArrayList<>();
        final List<String> losses = new CopyOnWriteArrayList<>();
        final CoordinatorElection.Registration registration;
        volatile CoordinatorLease lease;
        volatile boolean leads;
        final long highestTerm;
        final boolean refuses;

        Instance(String name, boolean refuses, long highestTerm) {
            this(name, refuses, highestTerm, client);
        }

        Instance(String name, boolean refuses, long highestTerm, KubernetesClient by) {
            election = new KubernetesLeaseElection(by, "test", "orders", renewDeadline);
            this.refuses = refuses;
            this.highestTerm = highestTerm;
            instances.add(this);
            InetSocketAddress address = new InetSocketAddress("10.0.0." + instances.size(), 7400);
            registration = election.campaign(new CoordinatorRecord(0, new Node(name, address, 0), address), this);
        }

        Instance(String name) {
            this(name, false, 0);
        }

        @Override
        public void onElected(long term, CoordinatorLease given) {
            terms.add(term);
            if (refuses) {
                throw new IllegalStateException("the port is taken");
            }
            lease = given;
            leads = true;
        }

        @Override
        public long highestTerm() {
            return highestTerm;
        }

        @Override
        public void onLost(String why) {
            leads = false;
            losses.add(why);
        }
    }

    @AfterEach
    void close() {
        instances.forEach(instance -> instance.registration.close());
        await().atMost(SOON).until(() -> threads() == 0);
    }

    /** Those that elect. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("camure"))
                .count();
    }

    private Lease lease() {
        return client.leases().inNamespace("test").withName("orders").get();
    }

    @Test
    void oneIsElectedAndTheLeaseSaysWhoAndWhere() throws Exception {
        Instance first = new Instance("orders-0");
        await().atMost(SOON).until(() -> first.leads);
        Instance second = new Instance("orders-1");

        assertThat(first.terms).containsExactly(1L);
        assertThat(lease().getSpec().getHolderIdentity()).startsWith("orders-0@10.0.0.1:7400#");
        assertThat(second.election.current()).hasValueSatisfying(record -> {
            assertThat(record.term()).isOne();
            assertThat(record.node().name()).isEqualTo("orders-0");
            assertThat(record.address()).isEqualTo(new InetSocketAddress("10.0.0.1", 7400));
        });
        long before = first.lease.endNanoTime();
        assertThat(Duration.ofNanos(before - System.nanoTime())).isLessThan(RENEW_DEADLINE);
        await().atMost(SOON).until(() -> first.lease.endNanoTime() > before);
        assertThat(second.leads).isFalse();
    }

    @Test
    void whoClosesGivesTheLeaseBackAndIsFollowedInTheNextTerm() throws Exception {
        Instance first = new Instance("orders-0");
        await().atMost(SOON).until(() -> first.leads);
        Instance second = new Instance("orders-1");
        first.registration.close();

        assertThat(first.leads).isFalse();
        await().atMost(SOON).until(() -> second.leads);
        assertThat(second.terms).containsExactly(2L);
        second.registration.close();
        assertThat(second.election.current()).isEmpty();
    }

    /** Members ask where the coordinator is as soon as the last one has said goodbye. */
    @Test
    void whoReadsThatNobodyHoldsTheLeaseTriesToGetItAtOnce() throws Exception {
        // Between two tries there are two minutes at least.
        renewDeadline = Duration.ofMinutes(10);
        Instance first = new Instance("orders-0");
        await().atMost(SOON).until(() -> first.leads);
        int before = server.getRequestCount();
        Instance second = new Instance("orders-1");
        await().atMost(SOON).until(() -> server.getRequestCount() > before);
        first.registration.close();

        await().atMost(SOON).until(() -> {
            second.election.current();
            return second.leads;
        });
        assertThat(second.terms).containsExactly(2L);
    }

    @Test
    void whoIsGoneIsFollowedAsSoonAsItsTimeIsOver() {
        // Between two tries there are two minutes at least.
        renewDeadline = Duration.ofMinutes(10);
        ZonedDateTime renewed =
                ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(15).plusSeconds(3);
        client.leases()
                .inNamespace("test")
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("orders")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("ghost@10.0.0.9:7400")
                        .withLeaseDurationSeconds(900)
                        .withAcquireTime(renewed)
                        .withRenewTime(renewed)
                        .withLeaseTransitions(0)
                        .endSpec()
                        .build())
                .create();
        Instance only = new Instance("orders-0");

        await().atMost(SOON).until(() -> only.leads);
        assertThat(only.terms).containsExactly(2L);
    }

    /** As when the Lease was deleted meanwhile: who has seen a later term would never join that one. */
    @Test
    void whoIsElectedBelowATermThatAnotherInstanceHasSeenBeginsAHigherOne() throws Exception {
        Instance first = new Instance("orders-0");
        await().atMost(SOON).until(() -> first.leads);
        Instance second = new Instance("orders-1", false, 7);

        assertThat(second.election.current()).as("who can be joined").isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(first.losses).isNotEmpty());
        await().atMost(SOON).until(() -> first.leads || second.leads);
        Instance next = first.leads ? first : second;
        assertThat(next.terms).last().isEqualTo(8L);
        assertThat(second.election.current())
                .hasValueSatisfying(record -> assertThat(record.term()).isEqualTo(8));
    }

    @Test
    void whoseLeaseIsTakenStepsDownAndTriesAgain() {
        Instance only = new Instance("orders-0");
        await().atMost(SOON).until(() -> only.leads);
        client.leases().inNamespace("test").withName("orders").edit(held -> {
            held.getSpec().setHolderIdentity("ghost@10.0.0.9:7400");
            held.getSpec().setLeaseTransitions(41);
            return held;
        });

        await().atMost(SOON).untilAsserted(() -> assertThat(only.losses).isNotEmpty());
        // Once the other one has not renewed it for as long as a lease lasts.
        await().atMost(SOON).until(() -> only.leads);
        assertThat(only.terms).containsExactly(1L, 43L);
    }

    @Test
    void aLeaseThatWasDeletedGoesOnAboveTheTermsThatInstancesKnow() throws Exception {
        Instance first = new Instance("orders-0");
        await().atMost(SOON).until(() -> first.leads);
        first.registration.close();
        client.leases().inNamespace("test").withName("orders").delete();
        Instance second = new Instance("orders-1", false, 7);

        await().atMost(SOON).until(() -> second.leads);
        assertThat(second.terms).containsExactly(8L);
        assertThat(second.election.current())
                .hasValueSatisfying(record -> assertThat(record.term()).isEqualTo(8));
    }

    @Test
    void whoseServerIsAwayStepsDownAndTakesTheLeaseAgain() throws Exception {
        try (Forwarder forwarder = new Forwarder(client.getMasterUrl());
                KubernetesClient behind = behind(forwarder)) {
            Instance only = new Instance("orders-0", false, 0, behind);
            await().atMost(SOON).until(() -> only.leads);
            long threads = threads();
            forwarder.refuse();
            long awaySince = System.nanoTime();
            await().atMost(SOON).until(() -> !only.leads);
            assertThat(only.losses).last().asString().contains("the Lease orders in test", "could not renew it for 2s");
            assertThat(only.lease.endNanoTime() - awaySince).isLessThan(RENEW_DEADLINE.toNanos());
            await().during(RENEW_DEADLINE.multipliedBy(2))
                    .atMost(SOON)
                    .until(() -> threads() == threads && !only.leads);

            forwarder.admit();
            await().atMost(SOON).until(() -> only.leads);
            assertThat(only.terms).containsExactly(1L, 2L);
            only.registration.close();
        }
    }

    private KubernetesClient behind(Forwarder forwarder) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withMasterUrl(forwarder.url())
                        .build())
                .build();
    }

    /** Its own requests may take much longer. */
    @Test
    void closingIsBoundedWhileTheServerDoesNotAnswer() throws Exception {
        try (Forwarder forwarder = new Forwarder(client.getMasterUrl());
                KubernetesClient behind = behind(forwarder)) {
            Instance only = new Instance("orders-0", false, 0, behind);
            await().atMost(SOON).until(() -> only.leads);
            forwarder.freeze();
            long before = System.nanoTime();
            only.registration.close();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            only.registration.close();
        }
    }

    @Test
    void whoCanNotCoordinateLetsAnotherOne() {
        Instance first = new Instance("orders-0", true, 0);
        await().atMost(SOON).untilAsserted(() -> assertThat(first.terms).isNotEmpty());
        Instance second = new Instance("orders-1");

        await().atMost(SOON).until(() -> second.leads);
    }

    @Test
    void aLeaseOfSomebodyElseIsAnErrorThatNamesIt() {
        Instance only = new Instance("orders-0");
        await().atMost(SOON).until(() -> only.leads);
        client.leases().inNamespace("test").withName("orders").edit(held -> {
            held.getSpec().setHolderIdentity("somebody");
            return held;
        });

        assertThatThrownBy(only.election::current)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the Lease orders in test can't be read")
                .hasMessageContaining("somebody");
    }

    @Test
    void anApplicationElectsByItsClient() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamureAutoConfiguration.class,
                        CamureMessagingAutoConfiguration.class,
                        CamureKubernetesAutoConfiguration.class))
                .withBean(KubernetesClient.class, () -> client)
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=orders-0",
                        "camure.session-name=elected",
                        "camure.election.lease=2s",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.groups.start-line.type=barrier",
                        "camure.groups.start-line.expected-members=1")
                .run(context -> {
                    Round round = context.getBean(Barrier.class).await(SOON);
                    assertThat(round.term()).isOne();
                    assertThat(round.size()).isOne();
                    assertThat(context.getBean(CamureGroups.class).isCoordinator("start-line"))
                            .isTrue();
                });
    }
}
