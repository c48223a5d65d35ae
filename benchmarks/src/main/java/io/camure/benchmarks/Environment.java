package io.camure.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a run was made with, as its first line in JSON.
 *
 * @param started when, in UTC
 * @param network what joined the nodes
 * @param java what ran them
 * @param system the operating system
 * @param idleStrategy how our threads waited
 * @param jvmOptions of all nodes, beside those that their systems ask for
 * @param leftOut the systems that could not be measured on this machine, and why
 */
public record Environment(
        String started,
        String network,
        String java,
        String system,
        int processors,
        String idleStrategy,
        List<String> jvmOptions,
        List<String> leftOut) {

    /** That of a run that begins now, in this process. */
    static Environment of(Network network, String idleStrategy, List<String> jvmOptions, List<String> leftOut) {
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                network.description(),
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " ("
                        + System.getProperty("os.arch") + ")",
                Runtime.getRuntime().availableProcessors(),
                idleStrategy,
                jvmOptions,
                leftOut);
    }
}
