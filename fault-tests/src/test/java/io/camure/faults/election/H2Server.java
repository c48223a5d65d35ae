package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import org.h2.tools.Server;

/** A process with the database H2, and the tables of locks and terms in it. */
final class H2Server {

    private H2Server() {}

    /** @param arguments its port, a directory, and where others find the database */
    public static void main(String... arguments) throws Exception {
        JavaProcess.endWithParent();
        Server.createTcpServer("-tcpAllowOthers", "-ifNotExists", "-tcpPort", arguments[0], "-baseDir", arguments[1])
                .start();
        Schema.create(arguments[2], "h2");
        System.out.println(Elector.READY);
    }
}
