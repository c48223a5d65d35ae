package io.camure.spring.integration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A database in memory that can be away, with the locks and the store of each instance that uses it. */
final class Database extends AbstractDataSource implements AutoCloseable {

    private final JdbcDataSource h2 = new JdbcDataSource();
    private final Connection keepsIt;
    private final Duration timeToLive;
    private volatile boolean away;

    Database(Duration timeToLive) throws SQLException {
        this.timeToLive = timeToLive;
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        keepsIt = h2.getConnection();
        new ResourceDatabasePopulator(new ClassPathResource("org/springframework/integration/jdbc/schema-h2.sql"))
                .populate(keepsIt);
    }

    void setAway(boolean away) {
        this.away = away;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (away) {
            throw new SQLException("the database is away");
        }
        return h2.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    JdbcLockRegistry locks() throws Exception {
        DefaultLockRepository repository = new DefaultLockRepository(this);
        repository.setTransactionManager(new DataSourceTransactionManager(this));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        repository.start();
        return new JdbcLockRegistry(repository, timeToLive);
    }

    JdbcMetadataStore store() throws Exception {
        JdbcMetadataStore store = new JdbcMetadataStore(this);
        store.afterPropertiesSet();
        store.start();
        return store;
    }

    @Override
    public void close() throws SQLException {
        keepsIt.close();
    }
}
