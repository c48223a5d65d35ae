package io.camure.benchmarks;

import io.camure.IdleStrategy;
import io.camure.benchmarks.report.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The driver: runs all cells one after the other, interleaved by repetition, and reports. */
@Command(
        name = "./bench",
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Measures camure beside its peers and beside the bare system, each node in a JVM of its own.",
        footer = {
            "",
            "As root each node runs in a network namespace of its own, else on loopback. All systems take their turn in"
                    + " the first repetition, then in the second and so on; the report on standard output has medians"
                    + " over the repetitions, and ratios of the same repetition with their minimum and maximum.",
            "",
            "Exit status: 0 when all cells were measured, 1 when some were not, 2 when it can't run like this."
        })
final class Bench implements Callable<Integer> {

    private static final int MAXIMUM_MEMBERS = 16;
    private static final int MINIMUM_SIZE = Long.BYTES;
    private static final int MAXIMUM_SIZE = 1 << 20;
    private static final int LATENCY_SIZE = 100;

    @Option(
            names = "--members",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2,4",
            description = "How many members, 1…" + MAXIMUM_MEMBERS + " each; default ${DEFAULT-VALUE}.")
    private List<Integer> members = List.of();

    @Option(
            names = "--peers",
            paramLabel = "all|none",
            defaultValue = "all",
            description = "Whether to measure the peers and floors as well, or camure alone; default ${DEFAULT-VALUE}.")
    private String peers = "all";

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "NAME",
            description = "These systems only: ${COMPLETION-CANDIDATES}.",
            completionCandidates = SystemNames.class)
    private Set<String> systems = new LinkedHashSet<>();

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WORK",
            description = "These works only: ${COMPLETION-CANDIDATES}.")
    private Set<Work> works = new LinkedHashSet<>();

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "BYTES",
            defaultValue = "100,1024,8192,65536,1048576",
            description = "Of broadcast messages, " + MINIMUM_SIZE + "…" + MAXIMUM_SIZE + "; default ${DEFAULT-VALUE}.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "How often each cell is measured; default 5, or 2 with --quick.")
    private @Nullable Integer repetitions;

    @Option(names = "--quick", description = "Shorter: less warm-up, less measuring, fewer repetitions.")
    private boolean quick;

    @Option(
            names = "--idle",
            paramLabel = "STRATEGY",
            defaultValue = "adaptive",
            description = "How camure's threads wait: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private IdleStrategy idleStrategy = IdleStrategy.ADAPTIVE;

    @Option(names = "--loopback", description = "Use loopback even as root.")
    private boolean loopback;

    @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object a line for each cell.")
    private @Nullable Path json;

    @Option(
            names = "--jdk",
            paramLabel = "DIRECTORY",
            description = "Which JDK to build and run with; default: the newest that is found.")
    private @Nullable Path jdk;

    @Option(names = "--prefix", hidden = true, description = "What ./bench removes the namespaces by.")
    private String prefix = "";

    @Option(names = "--directory", hidden = true, description = "What ./bench makes and removes.")
    private Path directory = Path.of("");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec specification;

    /** Runs what the options say. */
    public static void main(String[] args) {
        // Names of works are given in lower case.
        CommandLine command = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((failure, arguments) -> {
            System.err.println("bench: " + failure.getMessage() + "; see ./bench --help");
            return CommandLine.ExitCode.USAGE;
        });
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(output);
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        check();
        int most = members.stream().mapToInt(count -> count).max().orElseThrow();
        Network network = isRoot() && !loopback ? Network.namespaces(prefix, most + 1) : Network.loopback();
        say("bench: " + network.description());
        Results results = new Results();
        Gauge gauge =
                new Gauge(network, Duration.ofMillis(quick ? 1000 : 2500), Duration.ofMillis(quick ? 1500 : 3000));
        Run run = new Run(
                network,
                gauge,
                directory,
                List.of("-D" + CamureContender.IDLE_STRATEGY + "=" + idleStrategy),
                measurement -> take(measurement, results));
        for (int repetition = 1; repetition <= repetitions(); repetition++) {
            repetition(run, repetition);
        }
        System.out.print(new Report(results, network).markdown());
        return results.all().stream().allMatch(result -> result.failure() == null) ? 0 : 1;
    }

    private void repetition(Run run, int repetition) throws InterruptedException {
        for (int count : members) {
            for (Work work : works.isEmpty() ? Set.of(Work.values()) : works) {
                for (String system : chosenSystems()) {
                    Cell cell = new Cell(system, work, count, null, repetition);
                    run.measure(cell, sizesFor(work));
                }
            }
        }
    }

    private List<Integer> sizesFor(Work work) {
        return switch (work) {
            case BARRIER, FOOTPRINT -> List.of();
            case BROADCAST -> sizes;
            case LATENCY -> List.of(LATENCY_SIZE);
        };
    }

    private List<String> chosenSystems() {
        List<String> chosen = new ArrayList<>(systems.isEmpty() ? Contenders.names() : systems);
        if (peers.equals("none")) {
            chosen.removeIf(system -> !Contenders.isCamure(system));
        }
        return chosen;
    }

    private void take(Measurement measurement, Results results) {
        results.add(measurement);
        say(measurement.toLine());
        if (json != null) {
            try {
                results.appendTo(json, measurement);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private int repetitions() {
        return repetitions != null ? repetitions : quick ? 2 : 5;
    }

    private void check() throws IOException {
        members.forEach(count -> range("--members", count, 1, MAXIMUM_MEMBERS));
        sizes.forEach(size -> range("--sizes", size, MINIMUM_SIZE, MAXIMUM_SIZE));
        range("--repetitions", repetitions(), 1, 1000);
        if (!Set.of("all", "none").contains(peers)) {
            refuse("--peers is all or none, but not '" + peers + "'");
        }
        for (String system : systems) {
            if (!Contenders.names().contains(system)) {
                refuse("there is no system '" + system + "'; there are " + String.join(", ", Contenders.names()));
            }
        }
        if (jdk != null && !Files.isSameFile(jdk, Path.of(System.getProperty("java.home")))) {
            refuse("--jdk is for ./bench, and this is run by " + System.getProperty("java.home"));
        }
        if (json != null) {
            try {
                Files.write(json, new byte[0]);
            } catch (IOException e) {
                refuse("--json: '" + json + "' can't be written: " + e);
            }
        }
    }

    private void range(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            refuse(option + " must be " + minimum + "…" + maximum + ", but is " + value);
        }
    }

    private void refuse(String message) {
        throw new ParameterException(Objects.requireNonNull(specification).commandLine(), message);
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
    }

    private static void say(String line) {
        System.err.println(line);
    }

    /** For the help. */
    private static final class SystemNames extends ArrayList<String> {

        private static final long serialVersionUID = 1;

        SystemNames() {
            super(Contenders.names());
        }
    }
}
