package io.camure.sample;

import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.lock.LockRepository;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.datasource.init.UncategorizedScriptException;
import org.springframework.transaction.PlatformTransactionManager;

/** What elects the one of equal instances that coordinates: a lock in a database that all of them have. */
@Configuration(proxyBeanMethods = false)
@Profile("auto")
class ElectionDatabase {

    /** Not shorter than {@code camure.election.lease}. */
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

    /** Of several processes that open a file of H2 at the same time, the first one keeps the others out for a moment. */
    private static final RetryPolicy OPENING = RetryPolicy.builder()
            .includes(UncategorizedScriptException.class)
            .maxRetries(40)
            .delay(Duration.ofMillis(250))
            .build();

    @Bean(destroyMethod = "dispose")
    JdbcConnectionPool dataSource(SampleProperties properties) throws RetryException {
        String url = Objects.requireNonNull(
                properties.database(), "sample.database: equal instances need a database that elects one of them");
        JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
        new RetryTemplate(OPENING).execute(() -> {
            DatabasePopulatorUtils.execute(new ResourceDatabasePopulator(new ClassPathResource("election.sql")), pool);
            return pool;
        });
        return pool;
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new DataSourceTransactionManager(dataSource);
    }

    @Bean
    DefaultLockRepository lockRepository(DataSource dataSource) {
        return new DefaultLockRepository(dataSource);
    }

    @Bean
    JdbcLockRegistry lockRegistry(LockRepository repository) {
        return new JdbcLockRegistry(repository, TIME_TO_LIVE);
    }

    @Bean
    JdbcMetadataStore metadataStore(DataSource dataSource) {
        return new JdbcMetadataStore(dataSource);
    }
}
