package com.example.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the README shows of the core alone, on ports that are free, with the two jars that it names and no others. */
class CoreAloneIT {

    @TempDir
    Path directory;

    private FreePorts ports;
    private String libraries;

    @BeforeEach
    void findPorts() throws IOException {
        ports = FreePorts.find();
    }

    @BeforeEach
    void unpackTheCore() throws IOException {
        try (JarFile application = new JarFile("target/prices-1.0.jar")) {
            List<String> names = application.stream()
                    .map(Object::toString)
                    .filter(name -> name.matches("BOOT-INF/lib/(camure-core|slf4j-api)-.*\\.jar"))
                    .toList();
            assertThat(names).hasSize(2);
            for (String name : names) {
                Files.copy(
                        application.getInputStream(application.getEntry(name)),
                        directory.resolve(Path.of(name).getFileName()));
            }
        }
        try (var jars = Files.list(directory)) {
            libraries = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    @Test
    void theyMeetAndSlf4jSaysThatNothingIsLogged() throws Exception {
        try (Terminal member = start("StartMember");
                Terminal coordinator = start("StartCoordinator")) {
            assertThat(coordinator.awaitEnd()).as(coordinator::printed).isZero();
            assertThat(member.awaitEnd()).as(member::printed).isZero();

            assertThat(coordinator.printed()).contains("at the coordinator: Round[number=0, size=2");
            assertThat(member.printed()).contains("at a member: Round[number=0, size=2");
            String said = Files.readAllLines(Readme.root().resolve("README.md")).stream()
                    .filter(line -> line.startsWith("SLF4J(W): "))
                    .collect(Collectors.joining("\n"));
            assertThat(said).contains("No SLF4J providers were found");
            assertThat(coordinator.printed()).startsWith(said);
            assertThat(coordinator.printed().lines()).hasSize(4);
        }
    }

    private Terminal start(String name) throws IOException {
        String source = Files.readString(Path.of("src/main/java/com/example/plain", name + ".java"));
        // From JDK 22 on, the place of a source is that of its package.
        Path file =
                Files.createDirectories(directory.resolve("com/example/plain")).resolve(name + ".java");
        Files.writeString(
                file,
                source.replace("7400", String.valueOf(ports.coordinator()))
                        .replace("7401", String.valueOf(ports.multicast())));
        return Terminal.java(directory, name, List.of("-cp", libraries, file.toString()));
    }
}
