package io.camure.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keeps this module without Boot, and its packages and classes one below the other. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.camure.spring");

    @Test
    void nothingHereKnowsBoot() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot..", "io.camure.spring.boot..")
                .check(CLASSES);
    }

    @Test
    void onlyThePublicInterfaceOfTheCoreIsUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.camure.wire..", "io.camure.protocol..", "io.camure.runtime..", "io.camure.transport..")
                .check(CLASSES);
    }

    @Test
    void whatUsersImportKnowsNothingOfWhatRunsIt() {
        noClasses()
                .that()
                .resideInAPackage("io.camure.spring")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.camure.spring.*..")
                .check(CLASSES);
    }

    @Test
    void packagesLieOneBelowTheOther() {
        slices().matching("io.camure.spring.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void fewClassesAreInCycles() {
        List<Set<String>> cycles = ClassCycles.of(CLASSES);
        // An annotation and the one that holds several of it name each other.
        assertThat(cycles.stream().mapToInt(Set::size).sum()).as("%s", cycles).isLessThanOrEqualTo(10);
    }
}
