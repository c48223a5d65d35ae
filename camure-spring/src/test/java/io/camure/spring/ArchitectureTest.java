package io.camure.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What keeps this module without Boot, and its packages one below the other. */
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
}
