package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.Member;
import io.camure.spring.CamureConfigurationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The addresses at which a member looks for its coordinator. */
class CoordinatorAddressTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner member(String... addresses) {
        return TestSession.application()
                .withPropertyValues("camure.role=member")
                .withPropertyValues(addresses);
    }

    @Test
    void ofSeveralTheOneIsJoinedThatAnswers() {
        TestSession.coordinator().run(coordinator -> {
            int port = coordinator.getBean(Coordinator.class).address().getPort();
            String dead = "127.0.0.1:" + TestSession.freePort();
            member("camure.member.coordinator-address=nowhere.invalid:7400, " + dead + ", 127.0.0.1:" + port)
                    .run(member -> assertThat(member.getBean(Member.class)
                                    .coordinatorAddress()
                                    .getPort())
                            .isEqualTo(port));
            member(
                            "camure.member.coordinator-address[0]=" + dead,
                            "camure.member.coordinator-address[1]=127.0.0.1:" + port)
                    .run(member -> assertThat(member.getBean(Member.class)
                                    .coordinatorAddress()
                                    .getPort())
                            .isEqualTo(port));
        });
    }

    @Test
    void ifNoneAnswersTheAnalysisTellsWhatCameOfEach() {
        int dead = TestSession.freePort();
        member(
                        "camure.member.coordinator-address=127.0.0.1:" + dead + ",nowhere.invalid:7400",
                        "camure.member.startup=fail",
                        "camure.member.join-timeout=200ms")
                .run(context -> {
                    FailureAnalysis analysis = new CamureFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription())
                            .contains("127.0.0.1:" + dead + " has not answered")
                            .contains("nowhere.invalid:7400: ");
                    assertThat(analysis.getAction()).contains("camure.member.coordinator-address");
                });
    }

    @Test
    void eachOfThemMustBeAnAddress() {
        member("camure.member.coordinator-address=127.0.0.1:7400,,localhost:7401")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("host:port"));
        member("camure.member.coordinator-address=127.0.0.1:7400,localhost:0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("it needs the port of the other side"));
    }

    @Test
    void theNameOfTheSessionIsEnoughToFindIt() {
        String name = "camure.session-name=test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        TestSession.coordinator().withPropertyValues(name).run(coordinator -> {
            int port = coordinator.getBean(Coordinator.class).address().getPort();
            member(name, "camure.member.coordinator-address=announced", "camure.member.network-interface=127.0.0.1")
                    .run(member -> assertThat(member.getBean(Member.class)
                                    .coordinatorAddress()
                                    .getPort())
                            .isEqualTo(port));
        });
    }

    @Test
    void withoutANameNothingIsAnnounced() {
        member("camure.member.coordinator-address=announced")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("camure.session-name is not set"));
        TestSession.coordinator()
                .withPropertyValues("camure.coordinator.announced=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("camure.session-name is not set"));
    }
}
