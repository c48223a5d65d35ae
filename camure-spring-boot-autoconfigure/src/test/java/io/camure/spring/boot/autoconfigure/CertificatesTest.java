package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MemberAdmission;
import io.camure.doctor.Rung;
import io.camure.doctor.Status;
import io.camure.spring.boot.autoconfigure.doctor.CamureDoctorAutoConfiguration;
import io.camure.spring.boot.autoconfigure.doctor.Examinations;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SecurityDescriptor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** Sessions whose nodes show each other the certificates of SSL bundles. */
@ExtendWith(OutputCaptureExtension.class)
class CertificatesTest {

    private static final String STORES = "file:../camure-test-support/src/main/resources/certificates/";

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static String[] bundle(String name, String node, String trust) {
        String path = "spring.ssl.bundle.jks." + name + ".";
        return new String[] {
            path + "keystore.location=" + STORES + node + ".p12",
            path + "keystore.password=changeit",
            path + "truststore.location=" + STORES + trust + ".p12",
            path + "truststore.password=changeit"
        };
    }

    private static ApplicationContextRunner with(ApplicationContextRunner runner, String node) {
        return runner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withPropertyValues(bundle("camure", node, "trust"))
                .withPropertyValues("camure.security.mode=required", "camure.security.ssl-bundle=camure");
    }

    private static ApplicationContextRunner coordinator(String... properties) {
        return with(TestSession.coordinator(), "coordinator").withPropertyValues(properties);
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator, String node) {
        return with(TestSession.memberOf(coordinator), node)
                .withPropertyValues("camure.security.allowed-coordinators=coordinator.batch.example");
    }

    private static void joins(ApplicationContextRunner member) {
        member.run(context -> assertThat(context.getBean(Member.class).isOpen()).isTrue());
    }

    private static void isRefused(ApplicationContextRunner member, String problem) {
        member.withPropertyValues("camure.member.startup=fail", "camure.member.join-timeout=3s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(JoinTimeoutException.class)
                        // Of one of the tries: the last one may have had no time left.
                        .satisfies(failure -> assertThat(
                                        Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                                                .map(Throwable::getMessage))
                                .anyMatch(message -> message.contains(problem))));
    }

    @Test
    void nodesOfTheAllowedNamesMeet() {
        coordinator("camure.security.allowed-members=*.batch.example,other.example")
                .run(coordinator -> {
                    memberOf(coordinator, "orders").run(member -> TestSession.meet(coordinator, member));
                    isRefused(memberOf(coordinator, "prices"), "camure.security.allowed-members");
                });
    }

    @Test
    void aMemberThatNamesNoCoordinatorIsWarnedOf(CapturedOutput output) {
        coordinator().run(coordinator -> {
            joins(memberOf(coordinator, "orders"));
            assertThat(output).doesNotContain("allowed-coordinators");
            joins(with(TestSession.memberOf(coordinator), "orders"));
            assertThat(output).containsOnlyOnce("Set camure.security.allowed-coordinators");
        });
    }

    @Test
    void aMemberAdmissionDecides() {
        coordinator()
                .withBean(
                        MemberAdmission.class, () -> request -> request.names().contains("prices.other.example"))
                .run(coordinator -> {
                    joins(memberOf(coordinator, "prices"));
                    isRefused(memberOf(coordinator, "orders"), "does not admit the certificate of this node");
                });
    }

    @Test
    void aBundleThatIsReloadedCountsForNewMembers() {
        coordinator()
                .withPropertyValues(bundle("later", "coordinator", "strangers-trust"))
                .run(coordinator -> memberOf(coordinator, "orders").run(member -> {
                    SslBundles bundles = coordinator.getBean(SslBundles.class);
                    coordinator.getBean(SslBundleRegistry.class).updateBundle("camure", bundles.getBundle("later"));

                    isRefused(memberOf(coordinator, "orders"), "the handshake by certificates has failed");
                    joins(with(TestSession.memberOf(coordinator), "stranger"));
                    TestSession.meet(coordinator, member);
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "required, missing, '', '', camure.security.ssl-bundle is missing",
        "none, camure, '', '', camure.security.mode is none",
        "required, camure, 'a*.example', '', camure.security.allowed-members: 'a*.example'",
        "required, camure, '', '*', camure.security.allowed-coordinators: '*'",
        "none, '', '*.example', '', camure.security.allowed-members is set",
        "none, '', '', '*.example', camure.security.allowed-coordinators is set",
    })
    void whatIsMissingOrWrongFailsTheStart(
            String mode, String bundle, String members, String coordinators, String problem) {
        coordinator(
                        "camure.security.mode=" + mode,
                        "camure.security.ssl-bundle=" + bundle,
                        "camure.security.allowed-members=" + members,
                        "camure.security.allowed-coordinators=" + coordinators)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis =
                            new CamureConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription()).contains(problem);
                    assertThat(analysis.getAction()).isNotEmpty();
                });
    }

    @Test
    void thereIsNoBundleWithoutBundles() {
        TestSession.coordinator()
                .withPropertyValues("camure.security.mode=required", "camure.security.ssl-bundle=camure")
                .run(context -> assertThat(new CamureConfigurationFailureAnalyzer()
                                .analyze(context.getStartupFailure())
                                .getDescription())
                        .contains("there is no SSL bundle of this name"));
    }

    @Test
    void whatSealsASessionSaysItsCertificates() {
        coordinator("camure.security.allowed-members=*.batch.example")
                .run(context -> assertThat(context.getBean(Coordinator.class).security())
                        .get()
                        .hasToString("aes-128-gcm, certificates, members *.batch.example"));
    }

    @Test
    void healthAndTheEndpointSayThatNodesShowCertificates() {
        coordinator("camure.security.allowed-members=*.batch.example", "management.endpoints.web.exposure.include=*")
                .run(context -> {
                    SecurityDescriptor told = SealedOperationsTest.told(context);
                    assertThat(told.certificates()).isEqualTo("certificates, members *.batch.example");
                    assertThat(told.secrets()).isEmpty();
                    assertThat(SealedOperationsTest.health(context)).containsEntry("certificates", told.certificates());
                });
    }

    @Test
    void theDoctorShowsTheCertificatesOfItsSession() {
        coordinator("camure.security.allowed-members=*.batch.example")
                .withConfiguration(AutoConfigurations.of(CamureDoctorAutoConfiguration.class))
                .run(coordinator -> memberOf(coordinator, "orders")
                        .withConfiguration(AutoConfigurations.of(CamureDoctorAutoConfiguration.class))
                        .run(member -> {
                            TestSession.meet(coordinator, member);
                            assertThat(rungs(member))
                                    .anySatisfy(rung -> assertThat(rung.found()).contains("sealed by certificates"))
                                    .noneMatch(rung -> rung.status() == Status.RED);
                            assertThat(rungs(coordinator))
                                    .anyMatch(rung -> rung.name().equals("unicast"))
                                    .noneMatch(rung -> rung.status() == Status.RED);
                        }));
    }

    private static List<Rung> rungs(ApplicationContext context) throws InterruptedException {
        return context.getBean(Examinations.class)
                .examineAll()
                .sessions()
                .get(0)
                .report()
                .rungs();
    }
}
