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

/** That what docs/testing-applications.md and docs/recipes.md show is what is compiled and run here. */
class DocumentationTest {

    private static final Path EXAMPLES = Path.of("src/test/java/io/camure/spring/boot/test/example");
    private static final Path GUIDES = Path.of("src/test/java/io/camure/spring/boot/test/guide");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
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
    void theRecipesAreThoseThatRun() throws IOException {
        List<String> classes;
        try (Stream<Path> files = Files.list(GUIDES)) {
            classes = files.filter(file -> !file.toString().matches(".*(Test|GuideApplication|package-info)\\.java"))
                    .map(file -> asShown(read(file)))
                    .toList();
        }
        String groups = asShown(Files.readString(Path.of("src/test/resources/guides.yml")))
                .split("---")[0];
        String page = Files.readString(Path.of("../docs/recipes.md"));

        assertThat(blocks(JAVA, page)).hasSize(12).containsExactlyInAnyOrderElementsOf(classes);
        assertThat(blocks(YAML, page)).containsExactly(groups);
    }

    private static List<String> blocks(Pattern block, String page) {
        return block.matcher(page).results().map(found -> found.group(1)).toList();
    }

    private static String asShown(String code) {
        return code.replace("io.camure.spring.boot.test.guide", "com.example");
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
