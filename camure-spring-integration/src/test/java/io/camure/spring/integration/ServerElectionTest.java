package io.camure.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.InstalledServer;
import io.camure.test.support.InstalledServer.Place;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.redis.metadata.RedisMetadataStore;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Instances that elect their coordinator by a server as applications have it: each with connections of its own. */
class ServerElectionTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final Candidate.Census census = new Candidate.Census();
    private final List<Candidate> instances = new ArrayList<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private InstalledServer server;

    private enum Engine {
        POSTGRESQL,
        REDIS
    }

    private void start(Engine engine) throws Exception {
        Place place = Place.loopback();
        server = engine == Engine.REDIS
                ? InstalledServer.redis(directory, place)
                : InstalledServer.postgresql(directory, place);
        if (engine == Engine.POSTGRESQL) {
            DatabasePopulatorUtils.execute(
                    new ResourceDatabasePopulator(
                            new ClassPathResource("org/springframework/integration/jdbc/schema-postgresql.sql")),
                    dataSource());
        }
    }

    private Candidate instance(Engine engine, String name) throws Exception {
        LockRegistryElection election =
                engine == Engine.REDIS ? byRedis() : election(locks(dataSource()), store(dataSource()));
        Candidate instance = new Candidate(name, election, census);
        instances.add(instance);
        return instance;
    }

    private static LockRegistryElection election(LockRegistry<?> locks, ConcurrentMetadataStore store) {
        return new LockRegistryElection("orders", locks, store, TIME_TO_LIVE);
    }

    private PGSimpleDataSource dataSource() throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setUser("postgres");
        source.setDatabaseName("postgres");
        source.setConnectTimeout(1);
        source.setSocketTimeout(1);
        return source;
    }

    private static JdbcLockRegistry locks(PGSimpleDataSource source) throws Exception {
        DefaultLockRepository repository = new DefaultLockRepository(source);
        repository.setTransactionManager(new DataSourceTransactionManager(source));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        repository.start();
        return new JdbcLockRegistry(repository, TIME_TO_LIVE);
    }

    private static JdbcMetadataStore store(PGSimpleDataSource source) throws Exception {
        JdbcMetadataStore store = new JdbcMetadataStore(source);
        store.afterPropertiesSet();
        store.start();
        return store;
    }

    private LockRegistryElection byRedis() {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", server.port()),
                LettuceClientConfiguration.builder()
                        .commandTimeout(Duration.ofSeconds(1))
                        .clientOptions(ClientOptions.builder()
                                .socketOptions(SocketOptions.builder()
                                        .connectTimeout(Duration.ofSeconds(1))
                                        .build())
                                .build())
                        .build());
        connections.afterPropertiesSet();
        connections.start();
        RedisLockRegistry locks = new RedisLockRegistry(connections, "camure", TIME_TO_LIVE.toMillis());
        resources.add(locks::destroy);
        resources.add(connections::destroy);
        return election(locks, new RedisMetadataStore(connections, "camure-terms"));
    }

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            server.thaw();
            instances.forEach(Candidate::close);
            for (AutoCloseable resource : resources) {
                resource.close();
            }
            server.close();
        }
    }

    private Candidate awaitActing() {
        await().atMost(SOON).until(() -> instances.stream().anyMatch(Candidate::acts));
        return instances.stream().filter(Candidate::acts).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void oneIsElectedAndStaysForLongerThanTheTimeToLiveAndIsFollowedWhenItCloses(Engine engine) throws Exception {
        start(engine);
        Candidate first = instance(engine, "a");
        assertThat(awaitActing()).isSameAs(first);
        Candidate second = instance(engine, "b");
        await().pollDelay(TIME_TO_LIVE.plusSeconds(1)).atMost(SOON).until(first::acts);
        assertThat(second.terms).isEmpty();
        assertThat(second.election.current())
                .hasValueSatisfying(record -> assertThat(record.node().name()).isEqualTo("a"));

        first.close();
        assertThat(awaitActing()).isSameAs(second);
        // A machine that stands still for as long as the lease lasts costs a term.
        assertThat(second.terms).first().isEqualTo(first.terms.get(first.terms.size() - 1) + 1);
        assertThat(census.most()).isOne();
    }

    /** As if it was cut off, which is when each instance has nothing but its own clock. */
    @ParameterizedTest
    @EnumSource
    void whileTheServerDoesNotAnswerNobodyActsAndThenOneInAHigherTerm(Engine engine) throws Exception {
        start(engine);
        instance(engine, "a");
        Candidate first = awaitActing();
        instance(engine, "b");
        server.freeze();
        await().atMost(TIME_TO_LIVE.plusSeconds(1)).until(() -> !first.acts());
        await().during(TIME_TO_LIVE).atMost(SOON).until(() -> instances.stream().noneMatch(Candidate::acts));

        server.thaw();
        Candidate next = awaitActing();
        assertThat(next.terms).last().satisfies(term -> assertThat(term).isGreaterThan(1L));
        assertThat(instances).filteredOn(Candidate::acts).hasSize(1);
    }

    /** Redis has lost all that it knew by then, and the coordinator's members know the terms. */
    @ParameterizedTest
    @EnumSource
    void whileTheServerIsAwayNobodyActsAndThenOneInAHigherTerm(Engine engine) throws Exception {
        start(engine);
        Candidate first = instance(engine, "a");
        awaitActing();
        Candidate second = instance(engine, "b");
        instances.forEach(each -> each.highestTerm = 1);
        long before = threads();
        server.kill();
        await().atMost(TIME_TO_LIVE.plusSeconds(1)).until(() -> !first.acts());
        await().atMost(SOON).untilAsserted(() -> assertThat(first.losses).isNotEmpty());
        assertThat(first.losses).last().asString().contains("camure.election.orders", "can't find out");
        await().during(TIME_TO_LIVE)
                .atMost(SOON)
                .until(() -> threads() == before && instances.stream().noneMatch(Candidate::acts));

        server.restart();
        Candidate next = awaitActing();
        assertThat(next.terms).last().satisfies(term -> assertThat(term).isGreaterThan(1L));
        assertThat(List.of(first, second)).filteredOn(Candidate::acts).hasSize(1);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("camure"))
                .count();
    }
}
