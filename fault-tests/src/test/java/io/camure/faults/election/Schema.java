package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A process that makes the tables of locks and terms in a database, and ends. */
final class Schema {

    private Schema() {}

    /** @param arguments where the database is, and what Spring Integration calls its kind */
    public static void main(String... arguments) {
        JavaProcess.endWithParent();
        create(arguments[0], arguments[1]);
    }

    static void create(String url, String kind) {
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(
                        new ClassPathResource("org/springframework/integration/jdbc/schema-" + kind + ".sql")),
                new DriverManagerDataSource(url));
    }
}
