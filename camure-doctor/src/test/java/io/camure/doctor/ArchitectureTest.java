package io.camure.doctor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What lets applications use the doctor without what only its command line needs. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.camure.doctor");

    @Test
    void onlyTheCommandLineKnowsItsLibraries() {
        noClasses()
                .that()
                .resideInAPackage("io.camure.doctor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "tools.jackson..", "com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsSpring() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.camure.spring..")
                .check(CLASSES);
    }

    @Test
    void theCommandLineLiesAboveTheRest() {
        slices().matching("io.camure.(doctor.*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
