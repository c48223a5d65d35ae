package io.camure.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What this process and its network namespace have used so far. */
final class Usage {

    private static final Path COUNTERS = Path.of("/proc/self/net/snmp");

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Usage() {}

    /** How long this JVM's compilers have worked; 0 where there is none. */
    static long compilationMillis() {
        CompilationMXBean compilation = ManagementFactory.getCompilationMXBean();
        return compilation == null ? 0 : compilation.getTotalCompilationTime();
    }

    static long cpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /** UDP datagrams and TCP segments that left this network namespace; 0 where the system does not count them. */
    static long datagrams() throws IOException {
        try {
            List<String> lines = Files.readAllLines(COUNTERS);
            return counter(lines, "Udp:", "OutDatagrams") + counter(lines, "Tcp:", "OutSegs");
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Each protocol has a line of names and then one of values. */
    private static long counter(List<String> lines, String protocol, String name) {
        List<String[]> rows = lines.stream()
                .filter(line -> line.startsWith(protocol))
                .map(line -> line.split(" ", -1))
                .toList();
        int column = List.of(rows.get(0)).indexOf(name);
        return Long.parseLong(rows.get(1)[column]);
    }
}
