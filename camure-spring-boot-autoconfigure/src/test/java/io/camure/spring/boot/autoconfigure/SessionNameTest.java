package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.Member;
import io.camure.SessionNameMismatchException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Sessions that have names. */
class SessionNameTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @Test
    void nodesOfOneNameMeet() {
        TestSession.coordinator()
                .withPropertyValues("camure.session-name=staging")
                .run(coordinator -> {
                    int port = coordinator.getBean(Coordinator.class).address().getPort();
                    TestSession.application()
                            .withPropertyValues(
                                    "camure.sessions.orders.role=member",
                                    "camure.sessions.orders.session-name=staging",
                                    "camure.sessions.orders.member.coordinator-address=127.0.0.1:" + port)
                            .run(member -> assertThat(
                                            member.getBean(Member.class).isOpen())
                                    .isTrue());
                });
    }

    @Test
    void whoIsOfAnotherNameIsToldWhatToChange() {
        TestSession.coordinator()
                .withPropertyValues("camure.session-name=staging")
                .run(coordinator -> {
                    TestSession.memberOf(coordinator)
                            .withPropertyValues("camure.session-name=production", "camure.member.startup=fail")
                            .run(member -> {
                                assertThat(member)
                                        .getFailure()
                                        .rootCause()
                                        .isInstanceOf(SessionNameMismatchException.class);
                                FailureAnalysis analysis =
                                        new CamureFailureAnalyzer().analyze(member.getStartupFailure());
                                assertThat(analysis).isNotNull();
                                assertThat(analysis.getDescription())
                                        .contains("the session \"staging\"", "the session \"production\"");
                                assertThat(analysis.getAction())
                                        .contains("camure.session-name", "camure.member.coordinator-address");
                            });
                    TestSession.memberOf(coordinator)
                            .withPropertyValues("camure.session-name=", "camure.member.startup=fail")
                            .run(member -> assertThat(member)
                                    .getFailure()
                                    .rootCause()
                                    .hasMessageContaining("this node is to be in a session without a name"));
                });
    }
}
