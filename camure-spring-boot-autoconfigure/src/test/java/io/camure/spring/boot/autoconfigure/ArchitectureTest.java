package io.camure.spring.boot.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.GroupKind;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** What keeps this module a thin layer over camure's public interface. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.camure.spring.boot.autoconfigure");

    private static final JavaClasses BOTH_MODULES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.camure.spring");

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
    void packagesLieOneBelowTheOther() {
        slices().matching("io.camure.spring.boot.(autoconfigure.*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void noKindOfGroupIsAskedForOutsideOfItsPackage() {
        for (GroupType each : GroupType.values()) {
            GroupKind kind = each.kind();
            String ownPackage = kind.getClass().getPackageName();
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ownPackage)
                    .should(askFor(type -> type.isEquivalentTo(kind.coordinatorType())
                            || type.isEquivalentTo(kind.memberType())
                            || type.getPackageName().equals(ownPackage)))
                    .check(BOTH_MODULES);
        }
    }

    private static ArchCondition<JavaClass> askFor(Predicate<JavaClass> types) {
        return new ArchCondition<>("ask by instanceof for what a kind has") {

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getInstanceofChecks().stream()
                        .filter(check -> types.test(check.getRawType()))
                        .forEach(check -> events.add(SimpleConditionEvent.satisfied(
                                type,
                                type.getName() + " asks for "
                                        + check.getRawType().getName())));
            }
        };
    }

    @Test
    void fewClassesOfBothModulesKnowEachOther() {
        List<Set<String>> cycles = ClassCycles.of(BOTH_MODULES);
        // An annotation and the one that holds several of it name each other.
        assertThat(cycles.stream().mapToInt(Set::size).sum()).as("%s", cycles).isLessThanOrEqualTo(4);
    }

    @Test
    void autoConfigurationsAreFinalAndShowNoMembers() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .andShould()
                .bePublic()
                .check(CLASSES);
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .notBePublic()
                .check(CLASSES);
    }
}
