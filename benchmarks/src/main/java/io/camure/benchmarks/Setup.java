package io.camure.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What all sets of nodes are started with.
 *
 * @param directory where nodes may make files, and where what they write to standard error goes
 * @param jdks by version; the one without a version is the driver's
 * @param jvmOptions of all nodes
 */
record Setup(Network network, Path directory, Map<String, Jdk> jdks, List<String> jvmOptions) {

    Jdk jdkOf(SystemName system) {
        Jdk jdk = jdks.get(system.jdk());
        if (jdk == null) {
            throw new IllegalArgumentException(system + ": there is no JDK " + system.jdk() + "; see --peer-jdk");
        }
        return jdk;
    }

    Path log() {
        return directory.resolve("log");
    }
}
