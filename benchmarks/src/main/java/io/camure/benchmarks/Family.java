package io.camure.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A system whose configurations compete with one another: the best one stands for it.
 *
 * @param name such as jgroups-udp
 * @param peer whose it is, such as JGroups
 * @param kind what it is to the comparison
 * @param configurations all that are measured, as {@link Settings}; the first is the one to start with
 * @param jvmOptions what its documentation asks for
 * @param programs what must be in the PATH, and how to get it
 * @param factory makes it from a configuration
 */
public record Family(
        String name,
        String peer,
        Kind kind,
        List<String> configurations,
        List<String> jvmOptions,
        Programs programs,
        Function<Settings, Contender> factory) {

    static Family of(String name, String peer, Kind kind, Function<Settings, Contender> factory) {
        return new Family(name, peer, kind, List.of(""), List.of(), Programs.NONE, factory);
    }

    Family with(List<String> newConfigurations) {
        return new Family(name, peer, kind, List.copyOf(newConfigurations), jvmOptions, programs, factory);
    }

    Family withJvmOptions(List<String> newJvmOptions) {
        return new Family(name, peer, kind, configurations, List.copyOf(newJvmOptions), programs, factory);
    }

    Family withPrograms(String installation, String... names) {
        return new Family(
                name, peer, kind, configurations, jvmOptions, new Programs(installation, List.of(names)), factory);
    }

    /** @throws IllegalArgumentException if it has no such configuration */
    Contender create(String configuration) {
        Settings settings = Settings.parse(configuration);
        Contender contender = factory.apply(settings);
        settings.refuseOthers();
        return contender;
    }

    boolean runsOnJvm() {
        return programs.names().stream().noneMatch("mpirun"::equals);
    }

    /** What keeps it from being measured on this machine, or nothing. */
    @Nullable
    String missing() {
        List<String> missing =
                programs.names().stream().filter(name -> !isInPath(name)).toList();
        return missing.isEmpty()
                ? null
                : name + ": there is no '" + String.join("', no '", missing) + "'; " + programs.installation();
    }

    private static boolean isInPath(String program) {
        List<Path> directories = new ArrayList<>();
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            directories.add(Path.of(directory));
        }
        return directories.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(program)));
    }

    /** What a family is to the comparison. */
    public enum Kind {
        /** What is compared. */
        CAMURE,
        /** What it is compared with. */
        PEER,
        /** What the machine can do without any protocol. */
        FLOOR
    }

    /**
     * What has to be installed.
     *
     * @param installation the command that does it
     */
    record Programs(String installation, List<String> names) {

        static final Programs NONE = new Programs("", List.of());
    }
}
