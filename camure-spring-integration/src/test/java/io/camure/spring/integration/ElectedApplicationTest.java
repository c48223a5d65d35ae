package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureGroups;
import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureMessagingAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;

/** Applications whose role is {@code auto}, with what Spring Integration has. */
class ElectedApplicationTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static ApplicationContextRunner application(String name) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamureAutoConfiguration.class,
                        CamureMessagingAutoConfiguration.class,
                        CamureIntegrationAutoConfiguration.class))
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=" + name,
                        "camure.session-name=elected",
                        "camure.election.lease=3s",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.member.rejoin.initial-interval=100ms",
                        "camure.groups.start-line.type=barrier",
                        "camure.groups.start-line.expected-members=2");
    }

    private static ApplicationContextRunner with(Database database, String name) {
        return application(name)
                .withBean(JdbcLockRegistry.class, () -> uncheck(database::locks))
                .withBean(JdbcMetadataStore.class, () -> uncheck(database::store));
    }

    private static final class Leadership implements Context {

        @Override
        public boolean isLeader() {
            return true;
        }

        @Override
        public String getRole() {
            return "leader";
        }
    }

    private interface Making<T> {

        T make() throws Exception;
    }

    private static <T> T uncheck(Making<T> making) {
        try {
            return making.make();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Round> meet(ApplicationContext... instances) throws Exception {
        for (ApplicationContext instance : instances) {
            await().atMost(SOON).until(instance.getBean(Barrier.class)::isOpen);
        }
        List<CompletableFuture<Round>> arrivals = List.of(instances).stream()
                .map(instance -> instance.getBean(Barrier.class).awaitAsync())
                .toList();
        for (CompletableFuture<Round> arrival : arrivals) {
            arrival.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        return arrivals.stream().map(CompletableFuture::join).toList();
    }

    private static boolean coordinates(ApplicationContext instance) {
        return instance.getBean(CamureGroups.class).isCoordinator("start-line");
    }

    @Test
    void anotherInstanceGoesOnWhenTheCoordinatorIsClosed() throws Exception {
        try (Database database = new Database(Duration.ofSeconds(3))) {
            with(database, "first").run(first -> {
                with(database, "second").run(second -> {
                    assertThat(meet(first, second)).allSatisfy(round -> {
                        assertThat(round.term()).isOne();
                        assertThat(round.size()).isEqualTo(2);
                    });
                    assertThat(coordinates(first)).isTrue();
                    assertThat(coordinates(second)).isFalse();
                    first.getSourceApplicationContext().close();
                    with(database, "third").run(third -> {
                        assertThat(meet(second, third)).allSatisfy(round -> {
                            assertThat(round.number()).isZero();
                            assertThat(round.term()).isEqualTo(2);
                        });
                        // Whoever comes first to the lock, which may be the one that has just been started.
                        assertThat(coordinates(second)).isNotEqualTo(coordinates(third));
                    });
                });
            });
        }
    }

    @Test
    void whatKnowsOnlyItsOwnProcessElectsNobody() {
        application("only")
                .withBean(LockRegistry.class, DefaultLockRegistry::new)
                .withBean(ConcurrentMetadataStore.class, SimpleMetadataStore::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("DefaultLockRegistry")
                        .hasMessageContaining("JdbcLockRegistry"));
    }

    @Test
    void aLockRegistryWithoutAStoreIsNoEngine() {
        application("only")
                .withBean(LockRegistry.class, DefaultLockRegistry::new)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("there is nothing that elects")
                        .hasMessageContaining("ConcurrentMetadataStore"));
    }

    @Test
    void theEventsOfAnyLeaderInitiatorElect() throws Exception {
        try (Database database = new Database(Duration.ofSeconds(3))) {
            ApplicationContextRunner application = application("only")
                    .withBean(JdbcMetadataStore.class, () -> uncheck(database::store))
                    .withPropertyValues(
                            "camure.election.engine=events",
                            "camure.election.name=leader",
                            "camure.groups.start-line.expected-members=1");
            application.run(only -> {
                Context leadership = new Leadership();
                ApplicationEventPublisher events = only;
                events.publishEvent(new OnGrantedEvent(this, leadership, "another role"));
                assertThat(coordinates(only)).isFalse();

                events.publishEvent(new OnGrantedEvent(this, leadership, "leader"));
                assertThat(coordinates(only)).isTrue();
                assertThat(meet(only))
                        .allSatisfy(round -> assertThat(round.term()).isOne());

                events.publishEvent(new OnRevokedEvent(this, leadership, "leader"));
                assertThat(coordinates(only)).isFalse();
                events.publishEvent(new OnGrantedEvent(this, leadership, "leader"));
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(meet(only))
                                .allSatisfy(round -> assertThat(round.term()).isEqualTo(2)));
            });
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("camure-only-election"));
        }
    }
}
