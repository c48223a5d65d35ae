package io.camure.faults.election;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Member;
import io.camure.Round;
import io.camure.test.support.JavaProcess;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.lock.LockRepository;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** An application whose role is {@code auto}: it passes rounds, and says in a line when it has passed which, and whether it coordinates. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ElectedInstance {

    /** So many rounds are enough to see what happens, and their lines don't fill the machine. */
    private static final long WORK_MILLIS = 5;

    public static void main(String... arguments) {
        JavaProcess.endWithParent();
        SpringApplication.run(ElectedInstance.class, arguments);
    }

    @Bean(destroyMethod = "dispose")
    JdbcConnectionPool dataSource(Environment environment) {
        return JdbcConnectionPool.create(environment.getRequiredProperty("database"), "", "");
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
    JdbcLockRegistry lockRegistry(LockRepository repository, Environment environment) {
        return new JdbcLockRegistry(repository, environment.getRequiredProperty("time-to-live", Duration.class));
    }

    @Bean
    JdbcMetadataStore metadataStore(DataSource dataSource) {
        return new JdbcMetadataStore(dataSource);
    }

    @Bean
    ApplicationRunner rounds(Barrier barrier, Member member) {
        return arguments -> {
            // By the clock that all processes of this machine have.
            while (!Thread.interrupted()) {
                Thread.sleep(WORK_MILLIS);
                try {
                    Round round = barrier.await();
                    System.out.println(System.nanoTime() + " " + round.term() + " " + round.number() + " "
                            + member.coordinator().name());
                } catch (CamureException e) {
                    // Nobody coordinates now.
                }
            }
        };
    }
}
