package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.camure.Coordinator;
import io.camure.Member;
import io.camure.Security;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SecurityDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpointWebExtension;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** What operators see of sealed sessions, and what nobody sees. */
class SealedOperationsTest {

    private static final byte[] SECRET = "never to be seen by anybody else".getBytes(StandardCharsets.US_ASCII);
    private static final String WRITTEN = Base64.getEncoder().encodeToString(SECRET);
    private static final String FINGERPRINT =
            Security.secret(SECRET).fingerprints().get(0);

    private static ApplicationContextRunner sealed(ApplicationContextRunner runner) {
        return runner.withPropertyValues("camure.security.mode=required", "camure.security.secrets=" + WRITTEN);
    }

    private static ApplicationContextRunner exposed(ApplicationContextRunner runner) {
        return runner.withPropertyValues("management.endpoints.web.exposure.include=*");
    }

    static Map<String, Object> health(ApplicationContext context) {
        return ((HealthIndicator) context.getBean("camureHealthContributor", CompositeHealthContributor.class)
                        .getContributor("session"))
                .health()
                .getDetails();
    }

    static SecurityDescriptor told(ApplicationContext context) {
        return context.getBean(CamureEndpoint.class).camure().sessions().get(0).security();
    }

    @Test
    void bothSidesTellThatTheyAreSealedAndHow() {
        exposed(sealed(TestSession.coordinator()))
                .withPropertyValues("camure.security.cipher=aes-256-gcm")
                .run(coordinator -> exposed(sealed(TestSession.memberOf(coordinator)))
                        .run(member -> List.of(coordinator, member).forEach(context -> {
                            assertThat(health(context))
                                    .containsEntry("sealed", true)
                                    // The coordinator's: the member says another one.
                                    .containsEntry("cipher", "aes-256-gcm")
                                    .containsEntry("secrets", List.of(FINGERPRINT))
                                    .extractingByKey("keyAge")
                                    .asString()
                                    .matches("\\d+s");
                            assertThat(told(context))
                                    .matches(SecurityDescriptor::sealed)
                                    .extracting(SecurityDescriptor::cipher)
                                    .isEqualTo("aes-256-gcm");
                        })));
    }

    @Test
    void metersCountHandshakesAndKeys() {
        TestSession.metered(sealed(TestSession.coordinator()))
                .run(coordinator -> sealed(TestSession.memberOf(coordinator)).run(member -> {
                    MeterRegistry meters = coordinator.getBean(MeterRegistry.class);
                    assertThat(meters.get("camure.handshakes")
                                    .tag("outcome", "completed")
                                    .functionCounter()
                                    .count())
                            .isPositive();
                    assertThat(meters.get("camure.handshakes")
                                    .tag("outcome", "unauthenticated")
                                    .functionCounter()
                                    .count())
                            .isZero();
                    assertThat(meters.get("camure.key.age").timeGauge().value()).isNotNaN();
                    assertThat(meters.get("camure.key.changes")
                                    .functionCounter()
                                    .count())
                            .isNotNegative();
                }));
    }

    @Test
    void aSessionInClearTellsThatItIs() {
        exposed(TestSession.coordinator()).run(coordinator -> {
            assertThat(health(coordinator)).containsEntry("sealed", false).doesNotContainKeys("cipher", "secrets");
            assertThat(told(coordinator)).isEqualTo(new SecurityDescriptor(false, null, null, null, null, null, null));
            assertThat(coordinator.getBean(Coordinator.class).security()).isEmpty();
        });
    }

    @Test
    void connectionDetailsCanSupplyWhatSeals() {
        Security supplied = Security.secret(SECRET);
        sealed(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(CamureConnectionDetails.class, () -> new CamureConnectionDetails() {

                            @Override
                            public String getCoordinatorAddress(String session) {
                                return "127.0.0.1:"
                                        + coordinator
                                                .getBean(Coordinator.class)
                                                .address()
                                                .getPort();
                            }

                            @Override
                            public @Nullable Security getSecurity(String session) {
                                return session.equals("default") ? supplied : null;
                            }
                        })
                        .run(member -> {
                            assertThat(member.getBean(Member.class).isOpen()).isTrue();
                            assertThat(member.getBean(Member.class).security())
                                    .hasValueSatisfying(security ->
                                            assertThat(security.fingerprints()).containsExactly(FINGERPRINT));
                        }));
    }

    @Test
    void detailsThatSupplyNothingLeaveWhatThePropertiesSay() {
        sealed(TestSession.coordinator())
                .withBean(CamureConnectionDetails.class, () -> new CamureConnectionDetails() {

                    @Override
                    public String getBindAddress(String session) {
                        return "127.0.0.1:0";
                    }
                })
                .run(coordinator -> assertThat(
                                coordinator.getBean(Coordinator.class).security())
                        .isPresent());
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void theSecretItselfIsNowhereToBeSeen(CapturedOutput output) {
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        Level before = root.getLevel();
        root.setLevel(Level.DEBUG);
        StringBuilder seen = new StringBuilder();
        try {
            reporting(sealed(TestSession.coordinator()))
                    .run(coordinator -> reporting(sealed(TestSession.memberOf(coordinator)))
                            .run(member -> List.of(coordinator, member).forEach(context -> look(context, seen))));
        } finally {
            root.setLevel(before);
        }

        // It does get there, and it is found where it is looked for.
        assertThat(seen.toString()).contains(FINGERPRINT, "camure.security.secrets");
        assertThat(seen + output.getAll())
                .contains("session started at")
                .doesNotContain(WRITTEN)
                .doesNotContain(new String(SECRET, StandardCharsets.US_ASCII))
                .doesNotContainIgnoringCase(HexFormat.of().formatHex(SECRET, 0, 8))
                .doesNotContain(List.of((int) SECRET[0], (int) SECRET[1], (int) SECRET[2], (int) SECRET[3])
                        .toString()
                        .replace("]", ","));
    }

    /** With the endpoints of Boot that show settings, to everybody, and a secret where the documents have it. */
    private static ApplicationContextRunner reporting(ApplicationContextRunner runner) {
        return exposed(TestSession.json(runner))
                .withConfiguration(AutoConfigurations.of(
                        CamureSanitizingAutoConfiguration.class,
                        EnvironmentEndpointAutoConfiguration.class,
                        ConfigurationPropertiesReportEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoint.env.show-values=always",
                        "management.endpoint.configprops.show-values=always",
                        "CAMURE_SECRET=" + WRITTEN,
                        "CAMURE_SECURITY_SECRETS_0=" + WRITTEN);
    }

    private static void look(ApplicationContext context, StringBuilder seen) {
        JsonMapper json = JsonMapper.shared();
        seen.append(json.writeValueAsString(
                context.getBean(EnvironmentEndpoint.class).environment(null)));
        seen.append(json.writeValueAsString(
                context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties()));
        seen.append(
                json.writeValueAsString(context.getBean(CamureEndpoint.class).camure()));
        seen.append(json.writeValueAsString(health(context)));
        for (String name : context.getBeanDefinitionNames()) {
            if (name.startsWith("camure")) {
                seen.append(name).append(context.getBean(name)).append('\n');
            }
        }
        seen.append(context.getBean(CamureProperties.class));
    }

    private static SecurityContext user(@Nullable String role) {
        return new SecurityContext() {

            @Override
            public @Nullable Principal getPrincipal() {
                return role == null ? null : () -> "somebody";
            }

            @Override
            public boolean isUserInRole(String asked) {
                return asked.equals(role);
            }
        };
    }

    @Test
    void addressesAndIncarnationsAreForThoseWhoMaySeeThem() {
        exposed(TestSession.coordinator())
                .withPropertyValues(
                        "management.endpoint.camure.show-values=when-authorized",
                        "management.endpoint.camure.roles=operator")
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    TestSession.meet(coordinator, member);
                    CamureEndpointWebExtension endpoint = coordinator.getBean(CamureEndpointWebExtension.class);
                    String incarnation = Long.toHexString(
                            coordinator.getBean(Coordinator.class).incarnation());

                    for (SecurityContext other : List.of(user(null), user("guest"))) {
                        assertThat(all(endpoint, other))
                                .contains("coordinator", "member", "hidden-")
                                .doesNotContain("127.0.0.1", "239.255.74.0", incarnation);
                    }
                    SecurityContext operator = user("operator");
                    assertThat(all(endpoint, operator))
                            .contains("127.0.0.1", "239.255.74.0", incarnation)
                            .doesNotContain("hidden-");
                    // Where nobody is known.
                    assertThat(JsonMapper.shared()
                                    .writeValueAsString(coordinator
                                            .getBean(CamureEndpoint.class)
                                            .camure()))
                            .doesNotContain("127.0.0.1", incarnation);
                }));
    }

    private static String all(CamureEndpointWebExtension endpoint, SecurityContext asking) {
        JsonMapper json = JsonMapper.shared();
        return json.writeValueAsString(endpoint.camure(asking))
                + json.writeValueAsString(endpoint.past(asking, "history"))
                + json.writeValueAsString(endpoint.one(asking, "groups", "start-line"));
    }

    @Test
    void aNodeHasTheSameNameInAllAnswers() {
        exposed(TestSession.coordinator())
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CamureEndpoint endpoint = coordinator.getBean(CamureEndpoint.class);
                    SessionDescriptor session = endpoint.camure().sessions().get(0);
                    String name = session.groups().get(0).members().get(0).address();
                    assertThat(name).matches("hidden-[0-9a-f]{8}").isNotEqualTo(session.address());
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(
                                            endpoint.past("history").events())
                                    .anySatisfy(event -> {
                                        assertThat(event.address()).isEqualTo(name);
                                        assertThat(event.text()).contains("member (" + name + ")");
                                    }));
                }));
    }
}
