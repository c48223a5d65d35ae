package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.Security;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

/** Sessions that a secret seals. */
class SecurityTest {

    private static final byte[] SECRET = new byte[32];
    private static final String WRITTEN = Base64.getEncoder().encodeToString(SECRET);
    private static final String REQUIRED = "camure.security.mode=required";
    private static final String SECRETS = "camure.security.secrets=" + WRITTEN;

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @Test
    void whoHasTheSecretOrABeanWithItMeets() {
        TestSession.coordinator()
                .withPropertyValues(REQUIRED, SECRETS, "camure.security.cipher=chacha20-poly1305")
                .run(coordinator -> {
                    assertThat(coordinator.getBean(Coordinator.class).isOpen()).isTrue();
                    TestSession.memberOf(coordinator)
                            .withPropertyValues(REQUIRED, SECRETS)
                            .run(member -> assertThat(
                                            member.getBean(Member.class).isOpen())
                                    .isTrue());
                    TestSession.memberOf(coordinator)
                            .withPropertyValues(REQUIRED)
                            .withBean(Security.class, () -> Security.secret(SECRET))
                            .run(member -> assertThat(
                                            member.getBean(Member.class).isOpen())
                                    .isTrue());
                });
    }

    @Test
    void whoHasNoneIsNotLetInAndIsToldSo() {
        TestSession.coordinator().withPropertyValues(REQUIRED, SECRETS).run(coordinator -> {
            TestSession.memberOf(coordinator)
                    .withPropertyValues("camure.member.startup=fail", "camure.member.join-timeout=300ms")
                    .run(member -> assertThat(member)
                            .getFailure()
                            .rootCause()
                            .isInstanceOf(JoinTimeoutException.class)
                            .hasMessageContaining("camure.security.secrets"));
            assertThat(coordinator.getBean(Coordinator.class).memberCount()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "required, '', camure.security.mode is required",
        "required, c2hvcnQ=, 'camure.security.secrets[0]: a secret has 5 bytes'",
        "required, not!base64, 'camure.security.secrets[0] is not in Base64'",
        "none, AAAAAAAAAAAAAAAAAAAAAA==, camure.security.mode is none",
    })
    void whatIsMissingOrMalformedFailsTheStartWithoutShowingIt(String mode, String secret, String problem) {
        TestSession.coordinator()
                .withPropertyValues("camure.security.mode=" + mode, "camure.security.secrets=" + secret)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis =
                            new CamureConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription()).contains(problem);
                    assertThat(analysis.getAction()).containsAnyOf("camure.security", "openssl rand -base64 32");
                    if (!secret.isEmpty()) {
                        assertThat(analysis.getDescription() + analysis.getAction() + context.getStartupFailure())
                                .doesNotContain(secret);
                    }
                });
    }

    @Test
    void theSettingsDoNotShowTheSecretEither() {
        TestSession.coordinator().withPropertyValues(REQUIRED, SECRETS).run(context -> {
            CamureProperties properties = Binder.get(((ConfigurableApplicationContext) context).getEnvironment())
                    .bind("camure", CamureProperties.class)
                    .get();

            assertThat(properties.security().secrets()).isEqualTo(List.of(WRITTEN));
            assertThat(properties.toString()).contains("REQUIRED").doesNotContain(WRITTEN);
        });
    }
}
