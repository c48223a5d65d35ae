package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Group;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Rejoin;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.session.SessionBinding;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Properties, and what an application is told when they are wrong. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationTest {

    private static final String COORDINATOR = "camure.role=coordinator camure.coordinator.bind-address=127.0.0.1:0"
            + " camure.coordinator.multicast-address=239.255.74.0:7401 ";

    private static final String MEMBER = "camure.role=member camure.member.coordinator-address=127.0.0.1:9 "
            + "camure.member.startup=fail camure.member.join-timeout=100ms ";

    @ImportAutoConfiguration(CamureAutoConfiguration.class)
    static class Application {}

    @Test
    void anApplicationWithoutPropertiesStartsNothing() {
        TestSession.application().run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(Coordinator.class)
                    .doesNotHaveBean(Member.class);
            assertThat(context).doesNotHaveBean(SessionBinding.class);
            assertThat(TestSession.threads()).isEmpty();
        });
    }

    @Test
    void aDisabledSessionIsNotStarted() {
        TestSession.coordinator().withPropertyValues("camure.enabled=false").run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(Group.class).doesNotHaveBean(ListenerRegistry.class);
            assertThat(TestSession.threads()).isEmpty();
        });
    }

    @Test
    void theNameIsThatOfTheApplicationWithASuffix() {
        TestSession.coordinator()
                .withPropertyValues("camure.name=", "spring.application.name=orders")
                .run(context ->
                        assertThat(context.getBean(Coordinator.class).name()).matches("orders-[0-9a-f]{4}"));
    }

    @Test
    void theDefaultsAreThoseOfTheCore() {
        CamureProperties.Session properties = bind().unnamed();
        assertThat(SessionSettings.ofMember("camure.", "member", properties).build())
                .usingRecursiveComparison()
                .isEqualTo(MemberConfig.builder()
                        .name("member")
                        .rejoin(Rejoin.backOff())
                        .build());
        assertThat(SessionSettings.ofCoordinator("camure.", "coordinator", properties)
                        .build())
                .usingRecursiveComparison()
                .as("but that nobody is let in who can't prove its address")
                .isEqualTo(CoordinatorConfig.builder()
                        .name("coordinator")
                        .acceptLegacy(false)
                        .build());
        CamureProperties.Session named =
                bind("camure.sessions.a.role", "member").sessions().get("a");
        assertThat(named).usingRecursiveComparison().ignoringFields("role").isEqualTo(properties);
    }

    private static CamureProperties bind(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("camure", CamureProperties.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    camure.groups.a.type=barrier | camure.role is not set | Set camure.role to coordinator
                    camure.role=member | camure.member.coordinator-address is not set | 127.0.0.1:7400
                    MEMBER camure.groups.a.id=1 | camure.groups.a.type is not set | to barrier, broadcast or collective
                    COORDINATOR camure.groups.a.type=barrier camure.groups.a.id=3 camure.groups.b.type=broadcast camure.groups.b.id=3 | camure.groups.a.id and camure.groups.b.id are both 3 | an id of its own
                    COORDINATOR camure.groups.a.type=barrier camure.groups.a.payload-type=java.lang.String | camure.groups.a is a barrier, which has no messages | Remove it
                    COORDINATOR camure.groups.a.type=broadcast camure.groups.a.gate=readiness | camure.groups.a is a broadcast, where nobody meets | Remove it
                    COORDINATOR camure.groups.a-b.type=barrier camure.groups[a.b].type=barrier | which are the same name | another name
                    MEMBER | 127.0.0.1:9 has not answered | set camure.member.startup to background
                    COORDINATOR camure.coordinator.network-interface=nope0 | nope0 | network-interface
                    COORDINATOR camure.coordinator.bind-address=192.0.2.1:0 | 192.0.2.1 | Correct camure.coordinator.bind-address
                    """)
    void whatIsMissingIsNamedWithARemedy(String properties, String description, String action, CapturedOutput output) {
        start(properties);
        assertThat(output).contains("APPLICATION FAILED TO START", description, action);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    COORDINATOR camure.coordinator.bind-address=127.0.0.1 | camure.coordinator.bind-address | 127.0.0.1 | host:port
                    COORDINATOR camure.coordinator.bind-address=::1:7400 | camure.coordinator.bind-address | ::1:7400 | [IPv6]:port
                    COORDINATOR camure.coordinator.bind-address=127.0.0.1:70000 | camure.coordinator.bind-address | 127.0.0.1:70000 | 0…65535
                    COORDINATOR camure.coordinator.bind-address=no-such-host.invalid:0 | camure.coordinator.bind-address | no-such-host.invalid:0 | can't be resolved
                    COORDINATOR camure.coordinator.multicast-address=127.0.0.1:7 | camure.coordinator.multicast-address | 127.0.0.1:7 | 224.0.0.0/4
                    COORDINATOR camure.coordinator.multicast-address=239.1.1.1:0 | camure.coordinator.multicast-address | 239.1.1.1:0 | 1…65535
                    COORDINATOR camure.coordinator.multicast-address=[ff02::1]:7401 | camure.coordinator.multicast-address | [ff02::1]:7401 | both must be IPv4
                    COORDINATOR camure.coordinator.chunk-size=100B | camure.coordinator.chunk-size | 100B | 508…65507
                    COORDINATOR camure.coordinator.chunk-size=large | camure.coordinator.chunk-size | large | auto or a size such as 1472B
                    COORDINATOR camure.coordinator.heartbeat-interval=0s | camure.coordinator.heartbeat-interval | is 0s | at least 10ms
                    COORDINATOR camure.coordinator.member-timeout=1s | camure.coordinator.member-timeout | 1s | greater than camure.coordinator.heartbeat-interval, which is 1s
                    COORDINATOR camure.coordinator.multicast-ttl=256 | camure.coordinator.multicast-ttl | 256 | 0…255
                    COORDINATOR camure.coordinator.maximum-members=0 | camure.coordinator.maximum-members | 0 | 1…65535
                    COORDINATOR camure.coordinator.send-window=0 | camure.coordinator.send-window | 0 | 1…1024
                    COORDINATOR camure.coordinator.send-buffer=4GB | camure.coordinator.send-buffer | 4294967296B | too large
                    COORDINATOR camure.coordinator.receive-buffer=-1B | camure.coordinator.receive-buffer | -1B | allowed are 0…
                    COORDINATOR camure.groups.a.type=barrier camure.groups.a.id=65536 | camure.groups.a.id | 65536 | 0…65535
                    COORDINATOR camure.groups.a.type=barrier camure.groups.a.expected-members=-1 | camure.groups.a.expected-members | -1 | 0…65535
                    COORDINATOR camure.groups.a.type=barrier camure.groups.a.timeout=0s | camure.groups.a.timeout | 0s | more than zero
                    COORDINATOR camure.groups.a.type=broadcast camure.groups.a.slow-member-patience=1s | camure.groups.a.slow-member-patience | is 1s | at least 2s
                    MEMBER camure.member.coordinator-address=127.0.0.1:0 | camure.member.coordinator-address | 127.0.0.1:0 | 1…65535
                    COORDINATOR camure.session-name=\u202Ea | camure.session-name | ?a | no control or format characters
                    MEMBER camure.member.startup-timeout=0s | camure.member.startup-timeout | 0s | more than zero
                    MEMBER camure.member.join-timeout=-1s | camure.member.join-timeout | -1s | more than zero
                    MEMBER camure.member.coordinator-timeout=0s | camure.member.coordinator-timeout | 0s | more than zero
                    MEMBER camure.member.message-timeout=0s | camure.member.message-timeout | 0s | more than zero
                    MEMBER camure.member.receive-window=1 | camure.member.receive-window | 1 | 128…32768
                    MEMBER camure.member.send-buffer=-1B | camure.member.send-buffer | -1B | allowed are 0…
                    MEMBER camure.member.receive-buffer=2GB | camure.member.receive-buffer | 2147483648B | too large
                    """)
    void aValueThatIsRefusedIsNamedWithItsPropertyAndWhatIsAllowed(
            String properties, String name, String value, String allowed, CapturedOutput output) {
        start(properties);
        assertThat(output).contains("APPLICATION FAILED TO START", name, value, allowed);
    }

    @Test
    void aRoleThatDoesNotExistIsRefused(CapturedOutput output) {
        start("camure.role=boss");
        assertThat(output).contains("camure.role", "boss");
    }

    /** Starts an application with properties, each after a blank, which is to fail with a report that people can read. */
    private static void start(String properties) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String property : properties
                .replace("COORDINATOR", COORDINATOR)
                .replace("MEMBER", MEMBER)
                .split(" +")) {
            values.put(property.split("=")[0], "--" + property);
        }
        SpringApplication application = new SpringApplication(Application.class);
        application.setBannerMode(Banner.Mode.OFF);
        assertThatException().isThrownBy(() -> application.run(values.values().toArray(String[]::new)));
    }
}
