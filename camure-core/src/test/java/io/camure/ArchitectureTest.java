package io.camure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import com.tngtech.archunit.lang.syntax.elements.ClassesThat;
import io.camure.node.CoordinatorNode;
import io.camure.node.JoinedMember;
import io.camure.transport.PortProvider;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know which, and what the state machines must not touch. */
class ArchitectureTest {

    private static final String API = "io.camure";
    private static final String NODES = "io.camure.node..";
    private static final String NODE = "io.camure.node";
    private static final String NODE_GROUP = "io.camure.node.group";
    private static final String NODE_ROUND = "io.camure.node.round";
    private static final String NODE_SESSION = "io.camure.node.session";
    private static final String REJOIN = "io.camure.node.rejoin";
    private static final String RUNTIME = "io.camure.runtime";
    private static final String PROTOCOL = "io.camure.protocol..";
    private static final String BASE = "io.camure.protocol.base";
    private static final String WINDOW = "io.camure.protocol.window";
    private static final String GROUP = "io.camure.protocol.group";
    private static final String ROUND = "io.camure.protocol.round";
    private static final String SESSION = "io.camure.protocol.session";
    private static final String SECURITY = "io.camure.protocol.security";
    private static final String TRANSPORT = "io.camure.transport";
    private static final String WIRE = "io.camure.wire";

    private static final JavaClasses CAMURE = importCamure();

    private static JavaClasses importCamure() {
        // What classes of the JDK are like inside matters to none of the rules, and takes long to find out.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(API);
    }

    private static void check(ArchRule rule) {
        rule.check(CAMURE);
    }

    /** But for the interfaces by which users get a node. */
    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(Coordinator.class, CoordinatorNode.class)
                .ignoreDependency(Member.class, JoinedMember.class)
                .ignoreDependency(CoordinatorLocator.class, JoinedMember.class));
    }

    @Test
    void wireKnowsNothingElse() {
        check(onlyKnows(WIRE));
    }

    @Test
    void protocolKnowsWire() {
        check(onlyKnows(PROTOCOL, WIRE));
    }

    /** A kind of group in the protocol is a package beside base, window, group, round, session and security. */
    private static String[] kinds() {
        return packagesIn("io.camure.protocol.", BASE, WINDOW, GROUP, ROUND, SESSION, SECURITY);
    }

    /** A kind of group on a node is a package beside group, round, session and rejoin. */
    private static String[] kindsOnNodes() {
        return packagesIn("io.camure.node.", NODE_GROUP, NODE_ROUND, NODE_SESSION, REJOIN);
    }

    private static String[] packagesIn(String parent, String... others) {
        return CAMURE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(parent))
                .filter(name -> !List.of(others).contains(name))
                .distinct()
                .toArray(String[]::new);
    }

    private static void checkKnowsNone(String packageName, String... others) {
        check(noClasses()
                .that()
                .resideInAPackage(packageName)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others));
    }

    @Test
    void importsOfTheProtocolRunOneWay() {
        checkKnowsNone(BASE, GROUP, WINDOW, SESSION);
        checkKnowsNone(WINDOW, GROUP, SESSION);
        checkKnowsNone(GROUP, WINDOW, ROUND, SESSION);
        checkKnowsNone(ROUND, WINDOW, SESSION);
        for (String each : new String[] {BASE, WINDOW, GROUP, ROUND, SESSION}) {
            checkKnowsNone(each, SECURITY);
        }
        checkKnowsNone(SECURITY, WINDOW, ROUND, SESSION);
        checkKnowsNone(SECURITY, kinds());
        assertThat(kinds()).isNotEmpty();
        for (String kind : kinds()) {
            checkKnowsNone(BASE, kind);
            checkKnowsNone(WINDOW, kind);
            checkKnowsNone(GROUP, kind);
            checkKnowsNone(ROUND, kind);
            checkKnowsNone(kind, SESSION);
        }
    }

    @Test
    void importsOfNodesRunOneWay() {
        checkKnowsNone(NODE_GROUP, NODE_ROUND, NODE_SESSION, REJOIN, NODE);
        checkKnowsNone(NODE_ROUND, NODE_SESSION, REJOIN, NODE);
        checkKnowsNone(NODE_SESSION, REJOIN, NODE);
        checkKnowsNone(REJOIN, NODE);
        for (String kind : kindsOnNodes()) {
            checkKnowsNone(kind, NODE_SESSION, REJOIN, NODE);
        }
    }

    @Test
    void aNodeRunsEachKindOfGroupThatTheProtocolHas() {
        assertThat(names(kindsOnNodes())).isNotEmpty().containsExactlyInAnyOrderElementsOf(names(kinds()));
    }

    private static List<String> names(String... packages) {
        return Stream.of(packages)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    @Test
    void kindsOfGroupsDoNotKnowEachOther() {
        for (String kind : allKinds()) {
            checkKnowsNone(
                    kind,
                    Stream.of(allKinds())
                            .filter(other -> !names(other).equals(names(kind)))
                            .toArray(String[]::new));
        }
    }

    private static String[] allKinds() {
        return Stream.concat(Stream.of(kinds()), Stream.of(kindsOnNodes())).toArray(String[]::new);
    }

    /** So that what is in group, session and rejoin serves the next kind as it is. */
    @Test
    void onlyTheNodesThatUsersGetKnowTheKinds() {
        for (String packageName : List.of(NODE_GROUP, NODE_ROUND, NODE_SESSION, REJOIN)) {
            checkKnowsNone(packageName, allKinds());
        }
    }

    @Test
    void theSessionKnowsTheKindsByTheirTableOnly() {
        check(noClasses()
                .that()
                .resideInAPackage(SESSION)
                .and()
                .doNotHaveSimpleName("GroupKinds")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(kinds()));
    }

    @Test
    void nobodyAsksOfWhichKindSomethingIs() {
        List<String> kinds = List.of(allKinds());
        check(classes().should(new ArchCondition<>("not ask whether something is of a kind of group") {
            @Override
            public void check(JavaClass asking, ConditionEvents events) {
                asking.getInstanceofChecks().stream()
                        .filter(asked -> kinds.contains(asked.getRawType().getPackageName()))
                        .filter(asked -> !asked.getRawType().getPackageName().equals(asking.getPackageName()))
                        .forEach(asked -> events.add(SimpleConditionEvent.violated(
                                asking,
                                asked.getOwner() + " asks for "
                                        + asked.getRawType().getName())));
            }
        }));
    }

    @Test
    void transportKnowsNothingElse() {
        check(onlyKnows(TRANSPORT));
    }

    @Test
    void runtimeKnowsAllButTheApi() {
        check(onlyKnows(RUNTIME, PROTOCOL, TRANSPORT, WIRE));
    }

    @Test
    void nothingBelowKnowsTheApi() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(API, NODES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(API, NODES));
    }

    @Test
    void theApiKnowsNodesOnlyWhereUsersGetThem() {
        check(noClasses()
                .that()
                .resideInAPackage(API)
                .and()
                .doNotBelongToAnyOf(Coordinator.class, Member.class, CoordinatorLocator.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(NODES));
        checkKnowsNone(API, RUNTIME, WINDOW, GROUP, SESSION);
    }

    private static ArchRule onlyKnows(String packageName, String... others) {
        String[] forbidden = Stream.of(API, NODES, RUNTIME, PROTOCOL, TRANSPORT, WIRE)
                .filter(each -> !each.equals(packageName) && !List.of(others).contains(each))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(packageName)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }

    @Test
    void theCoreKnowsNoSpring() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.."));
    }

    private static ClassesShould noStateMachine() {
        return noClasses().that().resideInAnyPackage(PROTOCOL, WIRE).should();
    }

    private static ClassesThat<ClassesShouldConjunction> noStateMachineKnows() {
        return noStateMachine().dependOnClassesThat();
    }

    @Test
    void stateMachinesHaveNoSocketsAndChannels() {
        check(noStateMachineKnows().resideInAPackage("java.nio.channels.."));
        check(noStateMachineKnows().haveNameMatching("java\\.net\\.(.*Socket|DatagramPacket|NetworkInterface)"));
    }

    @Test
    void stateMachinesHaveNoThreadsAndLocks() {
        check(noStateMachineKnows().belongToAnyOf(Thread.class, ThreadLocal.class));
        check(noStateMachineKnows().resideInAPackage("java.util.concurrent.locks.."));
        check(noStateMachineKnows().haveNameMatching("java\\.util\\.concurrent\\..*(Execut|Thread|Future).*"));
    }

    @Test
    void stateMachinesHaveNoClocks() {
        check(noStateMachineKnows().haveNameMatching("java\\.time\\.(.*Clock|Instant|.*Date.*|.*LocalTime)"));
        check(noStateMachine().callMethod(System.class, "nanoTime"));
        check(noStateMachine().callMethod(System.class, "currentTimeMillis"));
    }

    @Test
    void stateMachinesHaveNoRandomnessOfTheirOwn() {
        check(noStateMachineKnows()
                .haveNameMatching("java\\..*(SecureRandom|ThreadLocalRandom|SplittableRandom|UUID)"));
        check(noStateMachine().callMethod(Math.class, "random"));
        check(noStateMachine().callConstructor(Random.class));
        check(noStateMachine().callConstructor(Random.class, long.class));
    }

    @Test
    void stateMachinesDoNotLog() {
        check(noStateMachineKnows().resideInAPackage("org.slf4j.."));
    }

    /** Another network than this machine's is given to a node as what transports implement anyway. */
    @Test
    void usersSeeOnlyTheApiAndWhatTransportsImplement() {
        check(methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(API)
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should(
                        new ArchCondition<>(
                                "have only types of the JDK, the API and PortProvider in their signatures") {
                            @Override
                            public void check(JavaMethod method, ConditionEvents events) {
                                Stream.concat(
                                                Stream.of(method.getRawReturnType()),
                                                method.getRawParameterTypes().stream())
                                        .map(JavaClass::getBaseComponentType)
                                        .filter(type -> type.getPackageName().startsWith(API + "."))
                                        .filter(type -> !type.isEquivalentTo(PortProvider.class))
                                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                                method, method.getFullName() + " shows " + type.getName())));
                            }
                        }));
    }
}
