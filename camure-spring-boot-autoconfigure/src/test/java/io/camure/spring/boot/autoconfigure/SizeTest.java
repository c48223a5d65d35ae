package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much there is in one file, one method and one constructor of camure's modules for Spring. */
class SizeTest {

    private static final List<String> MODULES = List.of(
            "camure-spring",
            "camure-spring-boot-autoconfigure",
            "camure-spring-boot-dashboard",
            "camure-spring-integration",
            "camure-kubernetes");

    private record Source(Path file, List<String> lines) {

        static Source of(Path file) {
            try {
                return new Source(file, Files.readAllLines(file));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** @param kind main or test */
    private static List<Source> sources(String kind) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> all = Files.walk(Path.of("..", module, "src", kind, "java"))) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files.stream().map(Source::of).toList();
    }

    @ParameterizedTest
    @CsvSource({"main, 100", "test, 50"})
    void noFileIsLongerThan350Lines(String kind, int fewest) throws IOException {
        assertThat(sources(kind))
                .hasSizeGreaterThan(fewest)
                .allSatisfy(source ->
                        assertThat(source.lines()).as("%s", source.file()).hasSizeLessThanOrEqualTo(350));
    }

    /** The sources are formatted, so that what begins with an indented line ends with a brace of the same indentation. */
    @Test
    void noMethodIsLongerThan50Lines() throws IOException {
        for (Source source : sources("main")) {
            for (String indent : List.of("    ", "        ")) {
                int start = -1;
                for (int i = 0; i < source.lines().size(); i++) {
                    String line = source.lines().get(i);
                    if (line.equals(indent + "}") && start >= 0) {
                        assertThat(i - start + 1)
                                .as("%s, line %d", source.file(), start + 1)
                                .isLessThanOrEqualTo(50);
                        start = -1;
                    } else if (line.matches(indent + "[\\w@<].*")) {
                        start = line.matches(".*\\b(class|record|interface|enum)\\b.*|.*;")
                                ? -1
                                : start < 0 ? i : start;
                    }
                }
            }
        }
    }

    /** Records of properties and of descriptions have what there is. */
    @Test
    void noConstructorHasMoreThanSevenParameters() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.camure.spring");
        assertThat(classes)
                .filteredOn(type -> !type.isRecord())
                .flatExtracting(type -> List.copyOf(type.getConstructors()))
                .isNotEmpty()
                .allSatisfy(constructor -> assertThat(constructor.getRawParameterTypes())
                        .as(constructor.getFullName())
                        .hasSizeLessThanOrEqualTo(7));
    }
}
