package io.camure.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the files are. */
final class Place {

    private Place() {}

    /** The directory of this module. */
    static Path examples() {
        return root().resolve("examples");
    }

    /** What the application brings along and the deployments add to. */
    static Path configuration() {
        return root().resolve("guide-app/src/main/resources/application.yml");
    }

    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("README.md")) || !Files.exists(directory.resolve("guide-app/pom.xml"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** The files with manifests, as {@code kubectl apply -f} takes them from their directory. */
    static List<Path> manifests(String directory) throws IOException {
        try (Stream<Path> files = Files.list(examples().resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
