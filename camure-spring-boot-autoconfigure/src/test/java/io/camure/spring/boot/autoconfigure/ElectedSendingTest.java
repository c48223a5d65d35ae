package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.boot.autoconfigure.Traces.Maker;
import io.camure.spring.election.CoordinatorElection;
import io.micrometer.tracing.exporter.FinishedSpan;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What a node sends that was elected as coordinator shows in traces, as what a configured coordinator sends. */
class ElectedSendingTest {

    private final Traces traces = new Traces();
    private final ScriptedElection election = new ScriptedElection();

    static class Listener {

        @CamureListener(group = "files", id = "board")
        void on(String content) {}
    }

    private ApplicationContextRunner instance(Maker maker) {
        return traces.of(TestSession.application(), maker)
                .withBean(Listener.class)
                .withBean(CoordinatorElection.class, () -> election)
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=elected",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.member.startup=background",
                        "camure.member.rejoin.initial-interval=100ms",
                        "camure.groups.files.type=broadcast",
                        "camure.groups.files.expected-members=1");
    }

    private static void send(ApplicationContext instance) {
        await().atMost(TestSession.SOON).until(() -> {
            CamureGroups groups = instance.getBean(CamureGroups.class);
            return groups.isCoordinator("files")
                    && groups.broadcastReceiver("files").isOpen()
                    && groups.broadcastGroup("files").members().size() == 1;
        });
        Traces.request(
                instance,
                true,
                () -> assertThat(instance.getBean(CamureTemplate.class).send("files", "go"))
                        .succeedsWithin(TestSession.SOON));
    }

    @ParameterizedTest
    @EnumSource(Maker.class)
    void itIsASpanThatGoesOnAtTheListenersHoweverOftenTheNodeIsElected(Maker maker) {
        instance(maker).run(instance -> {
            for (int term = 1; term <= 2; term++) {
                election.elect("elected");
                send(instance);
                List<FinishedSpan> requests = traces.named("request", term);
                List<FinishedSpan> sent = traces.named("send files", term);
                List<FinishedSpan> processed = traces.named("process files", term);

                traces.assertAllInTheTraceOfTheCaller();
                assertThat(parents(sent)).containsExactlyInAnyOrderElementsOf(ids(requests));
                assertThat(parents(processed)).containsExactlyInAnyOrderElementsOf(ids(sent));
                assertThat(sent).allSatisfy(send -> assertThat(send.getTags()).containsEntry("camure.node", "elected"));
                election.revoke("elected");
            }
        });
    }

    private static List<String> ids(List<FinishedSpan> spans) {
        return spans.stream().map(FinishedSpan::getSpanId).toList();
    }

    private static List<String> parents(List<FinishedSpan> spans) {
        return spans.stream().map(FinishedSpan::getParentId).toList();
    }
}
