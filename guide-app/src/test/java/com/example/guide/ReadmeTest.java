package com.example.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That the README shows the files of this application, all of them, as they are. */
class ReadmeTest {

    private static final Pattern LEFT_OUT =
            Pattern.compile("\\n+ *<!-- left out of the README.*?<!-- up to here -->", Pattern.DOTALL);

    private final Map<String, String> shown;

    ReadmeTest() throws IOException {
        shown = new Readme().files();
    }

    @Test
    void eachFileIsShownAsItIs() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main"))) {
            List<Path> files = Stream.concat(Stream.of(Path.of("pom.xml")), sources.filter(Files::isRegularFile))
                    .toList();

            assertThat(files)
                    .hasSizeGreaterThan(7)
                    .allSatisfy(file -> assertThat(shown)
                            .as("the files in the README")
                            .containsEntry(file.toString().replace('\\', '/'), content(file)));
        }
    }

    @Test
    void itHasTheVersionsOfTheBuild() throws IOException {
        String build = Files.readString(Readme.root().resolve("pom.xml"));
        String version = first(build, "<artifactId>camure-parent</artifactId>\\s*<version>(.*?)</version>");
        String bootVersion = first(build, "<spring-boot.version>(.*?)</spring-boot.version>");

        assertThat(Pattern.compile("<version>(.*?)</version>")
                        .matcher(shown.get("pom.xml"))
                        .results()
                        .map(found -> found.group(1)))
                .containsExactly(bootVersion, "1.0", version);
    }

    private static String first(String text, String regex) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String content(Path file) {
        try {
            return LEFT_OUT.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
