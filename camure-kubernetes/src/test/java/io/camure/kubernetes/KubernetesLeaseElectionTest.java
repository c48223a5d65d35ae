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
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
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

    private KubernetesClient client;
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
            election = new KubernetesLeaseElection(by, "test", "orders", RENEW_DEADLINE);
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
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("camure")));
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

    /** Its own requests may take much longer. */
    @Test
    void closingIsBoundedWhileTheServerDoesNotAnswer() throws Exception {
        try (Forwarder forwarder = new Forwarder(client.getMasterUrl());
                KubernetesClient behind = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(client.getConfiguration())
                                .withMasterUrl(forwarder.url())
                                .build())
                        .build()) {
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
