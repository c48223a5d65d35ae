package io.camure.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That what docs/testing-applications.md and the guides of the README show is what is compiled and run here. */
class DocumentationTest {

    private static final Path EXAMPLES = Path.of("src/test/java/io/camure/spring/boot/test/example");
    private static final Path GUIDES = Path.of("src/test/java/io/camure/spring/boot/test/guide");
    private static final Pattern CODE = Pattern.compile("```(?:java|yaml)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExamplesAreThoseThatRun() throws IOException {
        String examples;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            examples = files.map(DocumentationTest::read).collect(Collectors.joining());
        }
        String page = Files.readString(Path.of("../docs/testing-applications.md"));

        List<String> shown = JAVA.matcher(page)
                .results()
                .map(block -> withoutIndent(block.group(1)))
                .toList();
        assertThat(shown)
                .hasSize(4)
                .allSatisfy(example -> assertThat(withoutIndent(examples)).contains(example));
    }

    @Test
    void theGuidesAreThoseThatRun() throws IOException {
        List<List<String>> guides;
        try (Stream<Path> files = Files.list(GUIDES)) {
            guides = files.map(DocumentationTest::read)
                    .map(DocumentationTest::lines)
                    .collect(Collectors.toList());
        }
        guides.add(lines(Files.readString(Path.of("src/test/resources/guides.yml"))));
        String readme = Files.readString(Path.of("../README.md"));
        String section = readme.substring(readme.indexOf("## Four uses"), readme.indexOf("## The core alone"));

        assertThat(CODE.matcher(section).results())
                .hasSize(10)
                .allSatisfy(block -> assertThat(guides)
                        .as("what has all lines of %s, in order", block.group(1))
                        .anyMatch(guide -> hasInOrder(guide, lines(block.group(1)))));
    }

    private static List<String> lines(String code) {
        return code.lines()
                .map(line -> line.strip().replace("io.camure.spring.boot.test.guide.", "com.example."))
                .filter(line -> !line.isEmpty() && !line.startsWith("// ..."))
                .collect(Collectors.toList());
    }

    private static boolean hasInOrder(List<String> all, List<String> shown) {
        Iterator<String> rest = all.iterator();
        return shown.stream().allMatch(line -> {
            while (rest.hasNext()) {
                if (rest.next().equals(line)) {
                    return true;
                }
            }
            return false;
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
