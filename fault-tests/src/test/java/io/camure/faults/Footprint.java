package io.camure.faults;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process takes.
 *
 * @param threads those that are not the JVM's own pools, which come and go
 * @param files open ones, sockets included; 0 where the system does not tell
 * @param heapBytes what is reachable
 */
record Footprint(long threads, long files, long heapBytes) {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    static Footprint now() throws IOException {
        System.gc();
        long heapBytes =
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Footprint(countThreads(), countFiles(), heapBytes);
    }

    private static long countThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool")
                        && !thread.getName().startsWith("awaitility"))
                .count();
    }

    private static long countFiles() throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(OPEN_FILES)) {
            return open.count();
        }
    }
}
