package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Settings that don't go together: what can't be meant is refused, and what a node has no use for is told. */
@ExtendWith(OutputCaptureExtension.class)
class ContradictionsTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner with(ApplicationContextRunner runner, String properties) {
        return runner.withPropertyValues(properties.split(" +"));
    }

    private static void assertRefused(ApplicationContextRunner runner, String description, String action) {
        runner.run(context -> {
            FailureAnalysis analysis = new CamureConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).as("%s", context.getStartupFailure()).isNotNull();
            assertThat(analysis.getDescription()).contains(description);
            assertThat(analysis.getAction()).contains(action);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    camure.coordinator.maximum-members=2 camure.groups.start-line.expected-members=3 | camure.groups.start-line.expected-members is 3, but camure.coordinator.maximum-members is 2 | Raise the latter
                    camure.groups.finish.gate=readiness | camure.groups.finish.gate is readiness, but camure.groups.finish.expected-members is 0 | number of members to wait for
                    camure.groups.files.on-member-loss=break | camure.groups.files.on-member-loss is break, but camure.groups.files.type is broadcast | Remove camure.groups.files.on-member-loss
                    camure.groups.finish.slow-member=evict | camure.groups.finish.slow-member is evict, but camure.groups.finish.type is barrier | or set camure.groups.finish.type to broadcast
                    camure.groups.finish.slow-member-patience=3s | camure.groups.finish.slow-member-patience is 3s, but camure.groups.finish.type is barrier | Remove camure.groups.finish.slow-member-patience
                    camure.coordinator.send-buffer=1KB | camure.coordinator.send-buffer is 1024B, but camure.coordinator.chunk-size is auto, which is up to 1472B | Raise the former
                    camure.coordinator.chunk-size=60000B camure.coordinator.receive-buffer=8KB | camure.coordinator.receive-buffer is 8192B, but camure.coordinator.chunk-size is 60000B | lower the latter
                    camure.sessions.a.role=coordinator camure.sessions.a.coordinator.bind-address=127.0.0.1:0 camure.sessions.a.coordinator.multicast-address=239.255.74.0:7409 camure.coordinator.multicast-address=239.255.74.0:7409 | camure.coordinator.multicast-address is 239.255.74.0:7409, but camure.sessions.a.coordinator.multicast-address is 239.255.74.0:7409 | a port of its own
                    camure.sessions.a.role=coordinator camure.sessions.a.coordinator.bind-address=127.0.0.1:7408 camure.sessions.a.coordinator.multicast-address=239.255.74.0:7409 camure.coordinator.bind-address=127.0.0.1:7408 | camure.coordinator.bind-address is 127.0.0.1:7408, but camure.sessions.a.coordinator.bind-address is 127.0.0.1:7408 | a port of its own
                    """)
    void whatACoordinatorCanNotMean(String properties, String description, String action) {
        assertRefused(with(TestSession.coordinator(), properties), description, action);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    camure.role= | camure.role is set, but empty | to coordinator, member or auto
                    camure.coordinator.bind-address=127.0.0.1:0 | camure.coordinator.bind-address is set, but camure.role is not | Set camure.role
                    camure.member.coordinator-address=127.0.0.1:9 | camure.member.coordinator-address is set, but camure.role is not | camure.sessions.<session>.member.coordinator-address
                    camure.transport=nio camure.sessions.a.role=member camure.sessions.a.member.coordinator-address=127.0.0.1:9 | camure.transport is set, but camure.role is not | camure.sessions.<session>.transport
                    """)
    void whatIsSaidOfNoSession(String properties, String description, String action) {
        assertRefused(with(TestSession.application(), properties), description, action);
    }

    static class AtTheGate {

        @CamureBarrier("start-line")
        void meet() {}
    }

    @Test
    void theBarrierOfAGateIsForTheGateAlone() {
        assertRefused(
                TestSession.coordinator()
                        .withPropertyValues("camure.groups.start-line.gate=readiness")
                        .withBean(AtTheGate.class),
                "AtTheGate.meet waits at barrier 'start-line', but camure.groups.start-line.gate is readiness",
                "Name another barrier");
    }

    @Test
    void eachOfTheseOfOneNodeIsAllowed() {
        with(
                        TestSession.coordinator(),
                        "camure.coordinator.maximum-members=1 camure.groups.files.slow-member=evict"
                                + " camure.groups.finish.on-member-loss=break camure.coordinator.send-buffer=0B")
                .run(context -> assertThat(context).hasNotFailed());
        with(TestSession.application(), "camure.enabled=false camure.role= camure.coordinator.bind-address=127.0.0.1:0")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aCoordinatorTellsWhatIsForMembers(CapturedOutput output) {
        InfoLog.during(() -> {
            with(
                            TestSession.coordinator(),
                            "camure.member.coordinator-address=127.0.0.1:9 camure.member.rejoin.max-interval=6s")
                    .run(context -> assertThat(context).hasNotFailed());
        });
        assertThat(output)
                .containsOnlyOnce("coordinator: not used by this node, which is the coordinator:"
                        + " camure.member.coordinator-address, camure.member.rejoin.max-interval");
    }

    @Test
    void aMemberTellsWhatIsForTheCoordinatorOrForAnotherStart(CapturedOutput output) {
        InfoLog.during(() -> {
            with(
                            TestSession.member(9),
                            "camure.coordinator.maximum-members=7 camure.groups.finish.on-member-loss=break"
                                    + " camure.groups.files.timeout=3s camure.groups.finish.timeout=3s"
                                    + " camure.member.startup=background camure.member.startup-timeout=5s"
                                    + " camure.member.rejoin.enabled=false camure.member.rejoin.initial-interval=1s")
                    .run(context -> assertThat(context).hasNotFailed());
        });
        assertThat(output)
                .containsOnlyOnce(
                        "member: not used by this node, which is a member: camure.coordinator.maximum-members,"
                                + " camure.member.startup-timeout, camure.member.rejoin.initial-interval,")
                .contains(
                        "camure.groups.start-line.expected-members",
                        "camure.groups.finish.on-member-loss",
                        "camure.groups.files.timeout")
                .doesNotContain("camure.groups.finish.timeout");
    }
}
