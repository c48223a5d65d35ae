package io.camure.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That what docs/testing-applications.md shows is what is compiled and run here. */
class DocumentationTest {

    private static final Path EXAMPLES = Path.of("src/test/java/io/camure/spring/boot/test/example");
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
