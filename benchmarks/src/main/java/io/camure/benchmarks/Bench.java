package io.camure.benchmarks;

import io.camure.IdleStrategy;
import io.camure.benchmarks.report.Comparison;
import io.camure.benchmarks.report.Publication;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The driver: runs all cells one after the other, interleaved by repetition, and reports; or only reports. */
@Command(
        name = "./bench",
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Measures camure beside its peers and beside the bare system, each node in a process of its own.",
        footer = {
            "",
            "As root each node runs in a network namespace of its own, else on loopback. All systems take their turn in"
                    + " the first repetition, then in the second and so on; the report on standard output has medians"
                    + " over the repetitions, and ratios of the same repetition with their minimum and maximum.",
            "",
            "A system is a family, which stands for all its configurations, or family:configuration@JDK, such as"
                    + " jgroups-udp:no-bundler.all-direct@17. Without --systems, --screen or --screened each family takes"
                    + " part with its first configuration.",
            "",
            "Exit status: 0 when all cells were measured, or --compare has found no regression; 1 when some were not, or"
                    + " it has; 2 when it can't run like this."
        })
final class Bench implements Callable<Integer> {

    private static final int MAXIMUM_MEMBERS = 16;
    private static final int MINIMUM_MTU = 576;
    private static final int MAXIMUM_MTU = 9000;
    private static final int MINIMUM_SIZE = Long.BYTES;
    private static final int MAXIMUM_SIZE = 1 << 20;

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
            description = "These only. Families: ${COMPLETION-CANDIDATES}; jgroups and so on stand for several.",
            completionCandidates = Contenders.Names.class)
    private Set<String> systems = new LinkedHashSet<>();

    @Option(names = "--secured", description = "Compare camure sealed and in clear, and JGroups with its encryption.")
    private boolean secured;

    @Option(
            names = "--screen",
            description = "Take a short look at all configurations first, and measure the best of each family.")
    private boolean screen;

    @Option(
            names = "--screened",
            paramLabel = "FILE",
            description = "Measure those that were the best in this --json of a run with --screen.")
    private @Nullable Path screened;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "WORK",
            description = "These works only: barrier, allreduce, allgather, broadcast, latency, cold-barrier,"
                    + " cold-broadcast (cold for both), footprint.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "BYTES",
            defaultValue = "100,1024,8192,65536,1048576",
            description = "Of messages or values, " + MINIMUM_SIZE + "…" + MAXIMUM_SIZE + "; default ${DEFAULT-VALUE}.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--starts",
            split = ",",
            paramLabel = "START",
            defaultValue = "plain,aot,cds",
            description = "How JVMs are started for cold works: ${COMPLETION-CANDIDATES}; default all.")
    private List<Start> starts = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "How often each cell is measured; default 5, or 2 with --quick.")
    private @Nullable Integer repetitions;

    @Option(names = "--quick", description = "Shorter: less warm-up, less measuring, fewer repetitions.")
    private boolean quick;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            description = "How long cold nodes idle before a single message; default 60, or 10 with --quick.")
    private @Nullable Integer idleSeconds;

    @Option(
            names = "--idle",
            paramLabel = "STRATEGY",
            defaultValue = "adaptive",
            description = "How camure's threads wait: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private IdleStrategy idleStrategy = IdleStrategy.ADAPTIVE;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "1500",
            description = "Of the cables between the namespaces, " + MINIMUM_MTU + "…" + MAXIMUM_MTU
                    + "; default ${DEFAULT-VALUE}.")
    private int mtu = 1500;

    @Option(names = "--loopback", description = "Use loopback even as root.")
    private boolean loopback;

    @Option(
            names = "--jdk",
            paramLabel = "DIRECTORY",
            description = "Which JDK to build and run with; default: the newest that is found.")
    private @Nullable Path jdk;

    @Option(
            names = "--peer-jdk",
            split = ",",
            paramLabel = "DIRECTORY",
            description = "Run peers by this JDK as well, in configurations of their own.")
    private List<Path> peerJdks = List.of();

    @Option(
            names = "--nodes-jvm-options",
            split = " ",
            paramLabel = "OPTIONS",
            description = "For the JVMs of all nodes, with spaces between them, such as -XX:TieredStopAtLevel=1.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write one JSON object a line for each cell.")
    private @Nullable Path json;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Put the report between the marks in this Markdown file, with plots in plots/ beside it.")
    private @Nullable Path results;

    @Option(
            names = "--report",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Measure nothing; report what --json has written to these.")
    private List<Path> reported = List.of();

    @Option(
            names = "--compare",
            arity = "2",
            paramLabel = "FILE",
            description = "Measure nothing; show two such files side by side, and whether the second is worse.")
    private List<Path> compared = List.of();

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
        try {
            if (!compared.isEmpty()) {
                Comparison comparison =
                        Comparison.of(Results.read(compared.subList(0, 1)), Results.read(compared.subList(1, 2)));
                System.out.print(comparison.markdown());
                return comparison.hasRegressions() ? 1 : 0;
            }
            Results found = reported.isEmpty() ? measure() : Results.read(reported);
            System.out.print(Publication.of(found, results));
            return found.all().stream().allMatch(result -> result.failure() == null) ? 0 : 1;
        } catch (IllegalArgumentException | IOException e) {
            refuse(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private Results measure() throws IOException, InterruptedException {
        check();
        Map<String, Jdk> jdks = new LinkedHashMap<>();
        for (Path home : peerJdks) {
            Jdk peerJdk = Jdk.in(home);
            jdks.put(Integer.toString(peerJdk.version()), peerJdk);
        }
        Candidates candidates =
                Candidates.of(systems, secured, screen || screened != null, peers.equals("all"), jdks.keySet());
        candidates.leftOut().forEach(reason -> say("bench: left out " + reason));
        jdks.put("", Jdk.current());

        int most = members.stream().mapToInt(count -> count).max().orElseThrow();
        Network network = isRoot() && !loopback ? Network.namespaces(prefix, most + 1, mtu) : Network.loopback();
        Results all = new Results(Environment.of(network, idleStrategy.toString(), jvmOptions, candidates.leftOut()));
        if (json != null) {
            all.begin(json);
        }
        say("bench: " + network.description());
        List<String> nodeOptions = new ArrayList<>(jvmOptions);
        nodeOptions.add("-D" + CamureContender.IDLE_STRATEGY + "=" + idleStrategy);
        Setup setup = new Setup(network, directory, jdks, nodeOptions);
        Schedule schedule = new Schedule(candidates.systems(), members, works(), sizes, starts);
        Finalists finalists = finalists(schedule, setup, candidates, all);
        Run run = run(setup, Pace.of(quick), measurement -> take(measurement, all));
        for (int repetition = 1; repetition <= repetitions(); repetition++) {
            schedule.repetition(run, repetition, finalists);
        }
        return all;
    }

    private @Nullable Finalists finalists(Schedule schedule, Setup setup, Candidates candidates, Results all)
            throws IOException, InterruptedException {
        if (screened != null) {
            List<Measurement> known = Results.read(List.of(screened)).screened();
            known.forEach(measurement -> take(measurement, all));
            return new Finalists(candidates.systems(), known);
        }
        if (!screen) {
            return null;
        }
        schedule.screen(run(setup, Pace.SCREENING, measurement -> take(measurement.asScreening(), all)));
        return new Finalists(candidates.systems(), all.screened());
    }

    private Run run(Setup setup, Pace pace, Consumer<Measurement> taker) {
        ColdGauge cold = new ColdGauge(Duration.ofSeconds(idleSeconds != null ? idleSeconds : quick ? 10 : 60));
        return new Run(new Gauge(setup.network(), pace.warmUp(), pace.measured(), cold), cold, setup, taker);
    }

    private List<Work> works() {
        Set<Work> chosen = new LinkedHashSet<>();
        for (String word : only) {
            if (word.equals("cold")) {
                chosen.addAll(List.of(Work.COLD_BARRIER, Work.COLD_BROADCAST));
            } else {
                chosen.add(Work.parse(word));
            }
        }
        return chosen.isEmpty() ? List.of(Work.values()) : List.copyOf(chosen);
    }

    private void take(Measurement measurement, Results all) {
        all.add(measurement);
        say(measurement.toLine());
        if (json != null) {
            try {
                Results.append(json, measurement);
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
        range("--mtu", mtu, MINIMUM_MTU, MAXIMUM_MTU);
        if (!Set.of("all", "none").contains(peers)) {
            refuse("--peers is all or none, but not '" + peers + "'");
        }
        if (jdk != null && !Files.isSameFile(jdk, Path.of(System.getProperty("java.home")))) {
            refuse("--jdk is for ./bench, and this is run by " + System.getProperty("java.home"));
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
}
