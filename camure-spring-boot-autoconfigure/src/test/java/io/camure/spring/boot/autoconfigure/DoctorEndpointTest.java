package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.doctor.Report;
import io.camure.doctor.Rung;
import io.camure.doctor.Status;
import io.camure.spring.boot.autoconfigure.doctor.CamureDoctorAutoConfiguration;
import io.camure.spring.boot.autoconfigure.doctor.DoctorDescriptor;
import io.camure.spring.boot.autoconfigure.doctor.DoctorDescriptor.SessionReport;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doctor of an application: when it is called, and by itself. */
@ExtendWith(OutputCaptureExtension.class)
class DoctorEndpointTest {

    private static ApplicationContextRunner withDoctor(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(CamureDoctorAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=camure",
                        "management.endpoint.camure.access=UNRESTRICTED");
    }

    private static Report report(ApplicationContext context) throws InterruptedException {
        DoctorDescriptor answer = examine(context);
        assertThat(answer.sessions()).hasSize(1);
        SessionReport session = answer.sessions().get(0);
        assertThat(session.session()).isEqualTo("default");
        assertThat(session.failure()).isNull();
        return session.report();
    }

    private static DoctorDescriptor examine(ApplicationContext context) throws InterruptedException {
        return (DoctorDescriptor) context.getBean(CamureEndpoint.class).ask("doctor");
    }

    private static Rung rung(Report report, String name) {
        return report.rungs().stream()
                .filter(rung -> rung.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + report));
    }

    @Test
    void bothSidesTellOfEachOther() {
        withDoctor(TestSession.coordinator())
                .run(coordinator -> withDoctor(TestSession.memberOf(coordinator))
                        .run(member -> {
                            Report atMember = report(member);
                            assertThat(atMember.node()).isEqualTo("member");
                            assertThat(rung(atMember, "answers").found()).contains("coordinator");
                            assertThat(rung(atMember, "multicast").status()).isEqualTo(Status.GREEN);
                            await().atMost(TestSession.SOON)
                                    .until(() -> coordinator
                                                    .getBean(Coordinator.class)
                                                    .memberCount()
                                            == 1);

                            Report atCoordinator = report(coordinator);
                            assertThat(atCoordinator.node()).isEqualTo("coordinator");
                            assertThat(rung(atCoordinator, "members").status()).isEqualTo(Status.GREEN);
                            assertThat(rung(atCoordinator, "multicast").at()).startsWith("member (127.0.0.1:");
                            assertThat(rung(atCoordinator, "multicast").status())
                                    .isEqualTo(Status.GREEN);
                            assertThat(rung(atCoordinator, "sizes").status()).isEqualTo(Status.GREEN);
                            assertThat(atCoordinator.matrix()).hasSize(1);
                            assertThat(atCoordinator.matrix().get(0).multicast())
                                    .isTrue();
                        }));
    }

    @Test
    void theAnswerIsJson() {
        withDoctor(TestSession.coordinator()).run(context -> {
            String json = JsonMapper.shared().writeValueAsString(examine(context));
            JsonNode report =
                    JsonMapper.shared().readTree(json).get("sessions").get(0).get("report");

            assertThat(report.get("status").asString()).isIn("GREEN", "AMBER");
            assertThat(report.get("rungs")).isNotEmpty();
        });
    }

    @Test
    void aSessionThatDoesNotRunIsNotExamined() {
        withDoctor(TestSession.coordinator()).run(context -> {
            context.stop();
            SessionReport session = examine(context).sessions().get(0);

            assertThat(session.report()).isNull();
            assertThat(session.failure()).contains("not running");
        });
    }

    @Test
    void aMemberThatWaitsForItsCoordinatorIsTold() {
        withDoctor(TestSession.member(TestSession.freePort()))
                .withPropertyValues("camure.member.startup=background")
                .run(context ->
                        assertThat(rung(report(context), "answers").status()).isEqualTo(Status.RED));
    }

    @Test
    void nothingElseCanBeAskedFor() {
        withDoctor(TestSession.coordinator())
                .run(context -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
                        .isThrownBy(() -> context.getBean(CamureEndpoint.class).ask("nurse"))
                        .withMessageContaining("'nurse'"));
    }

    @Test
    void withoutItsAutoConfigurationThereIsNone() {
        TestSession.coordinator()
                .withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=camure")
                .run(context -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
                        .isThrownBy(() -> context.getBean(CamureEndpoint.class).ask("doctor")));
    }

    @Test
    void aSealedSessionIsExaminedByItsOwnSecret() {
        String[] sealed = {
            "camure.security.mode=required", "camure.security.secrets[0]=c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0ISEhISE="
        };
        withDoctor(TestSession.coordinator()).withPropertyValues(sealed).run(coordinator -> {
            withDoctor(TestSession.memberOf(coordinator))
                    .withPropertyValues(sealed)
                    .run(member -> {
                        assertThat(rung(report(member), "answers").found()).contains("sealed by secret");
                        await().atMost(TestSession.SOON)
                                .until(() ->
                                        coordinator.getBean(Coordinator.class).memberCount() == 1);
                        assertThat(rung(report(coordinator), "unicast").status())
                                .isEqualTo(Status.GREEN);
                    });
        });
    }

    @Test
    void aMemberThatIsNotLetInHasItLookByItself(CapturedOutput output) {
        withDoctor(TestSession.member(TestSession.freePort()))
                .withPropertyValues("camure.member.startup-timeout=50ms")
                .run(context -> {
                    assertThat(context).hasFailed();
                    await().atMost(TestSession.SOON)
                            .until(() -> output.getAll().contains("the doctor's report of member"));
                });

        assertThat(output.getAll()).contains("red answers");
        TestSession.assertNoThreadIsLeft();
    }
}
