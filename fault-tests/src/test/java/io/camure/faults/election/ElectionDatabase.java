package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A process with the database that elects. */
final class ElectionDatabase {

    static final String READY = "ready";
    private static final String PORT = "9092";

    private ElectionDatabase() {}

    /** Where it is for others. */
    static String url(String address) {
        return "jdbc:h2:tcp://" + address + ":" + PORT + "/election";
    }

    /** @param arguments a directory, and the address of this node */
    public static void main(String... arguments) throws Exception {
        JavaProcess.endWithParent();
        Path directory = Path.of(arguments[0]);
        Server.createTcpServer("-tcpAllowOthers", "-ifNotExists", "-tcpPort", PORT, "-baseDir", directory.toString())
                .start();
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url(arguments[1]));
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(
                        new ClassPathResource("org/springframework/integration/jdbc/schema-h2.sql")),
                source);
        System.out.println(READY);
    }
}
