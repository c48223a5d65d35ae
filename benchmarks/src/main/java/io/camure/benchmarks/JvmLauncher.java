package io.camure.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a JVM for each node: a coordinator, and when it is there the members. */
final class JvmLauncher implements Launcher {

    /** A JVM would warn on the standard output, where its node answers. */
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx1g", "-Djava.net.preferIPv4Stack=true", "-Xlog:disable", "-Xlog:all=warning:stderr");

    private final Setup setup;
    private final SystemName system;
    private final Jdk jdk;
    private final Archives archives;
    private final boolean training;
    private final List<Path> compilerLogs = new ArrayList<>();

    /** @param training whether the run is for the archives, and not one with them */
    JvmLauncher(Setup setup, SystemName system, Archives archives, boolean training) {
        this.setup = setup;
        this.system = system;
        this.archives = archives;
        this.training = training;
        jdk = setup.jdkOf(system);
    }

    @Override
    public void launch(Cell cell, Addresses addresses, List<NodeProcess> nodes)
            throws CellFailure, InterruptedException {
        int size = addresses.nodes().size();
        for (int i = 0; i < size; i++) {
            nodes.add(NodeProcess.start(Launcher.nameOf(i), command(cell, addresses, i), setup.log()));
            if (i == 0) {
                nodes.get(0).expect("started", Deadlines.GATHER);
            }
        }
        for (NodeProcess member : nodes.subList(1, size)) {
            member.expect("started", Deadlines.GATHER);
        }
    }

    private List<String> command(Cell cell, Addresses addresses, int node) throws CellFailure {
        List<String> command = new ArrayList<>(setup.network().entering(node));
        command.add(jdk.java());
        command.addAll(JVM_OPTIONS);
        command.addAll(Contenders.familyOf(system).jvmOptions());
        command.addAll(setup.jvmOptions());
        if (jdk.hasNativeAccess()) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(training ? archives.trainingOptions(cell, node) : archives.options(cell, node));
        if (!cell.work().isCold()) {
            command.add(jdk.loggingDeoptimizations(compilerLog(node)));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Node.class.getName()));
        command.addAll(List.of(
                cell.system(),
                cell.work().toString(),
                Integer.toString(node),
                Integer.toString(addresses.port()),
                addresses.group(),
                String.join(",", addresses.nodes()),
                Launcher.directoryOf(setup, node).toString()));
        return command;
    }

    private Path compilerLog(int node) throws CellFailure {
        Path log = setup.directory().resolve("compiler-" + node);
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new CellFailure("'" + log + "' can't be deleted", e);
        }
        compilerLogs.add(log);
        return log;
    }

    @Override
    public long deoptimizations() {
        long count = 0;
        try {
            for (Path log : compilerLogs) {
                count += jdk.deoptimizations(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }
}
