package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Delivery;
import io.camure.DeliveryTimeoutException;
import io.camure.spring.BroadcastSender;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureTemplate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What fails while nobody looks at its future is told by the log. */
@ExtendWith(OutputCaptureExtension.class)
class ForgottenFutureTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** Expects a member that does not come. */
    private static ApplicationContextRunner coordinator() {
        return TestSession.coordinator()
                .withPropertyValues(
                        "camure.groups.files.timeout=100ms",
                        "camure.groups.files.payload-type=java.lang.String",
                        "camure.groups.start-line.timeout=100ms");
    }

    private static void assertTold(CapturedOutput output, String... parts) {
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(output.toString()
                                .lines()
                                .filter(line -> line.contains("nobody has asked its future why"))
                                .toList())
                        .singleElement()
                        .satisfies(line -> assertThat(line).contains(parts)));
    }

    @Test
    void aMessageThatIsNotDeliveredIsTold(CapturedOutput output) {
        coordinator().run(context -> {
            CamureTemplate template = context.getBean(CamureTemplate.class);
            assertThat(template.send("files", "asked for"))
                    .failsWithin(TestSession.SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(DeliveryTimeoutException.class);
            template.send("files", "forgotten");
            assertTold(
                    output,
                    "WARN",
                    "coordinator: broadcast 'files': sending has failed, and",
                    "1 of 1 expected members are missing");
        });
    }

    @Test
    void theSameGoesForSenders(CapturedOutput output) {
        coordinator().run(context -> {
            @SuppressWarnings("unchecked")
            BroadcastSender<String> sender = context.getBean("filesSender", BroadcastSender.class);
            CompletableFuture<Delivery> first = sender.send("asked for");
            CompletableFuture<Delivery> seen = first.whenComplete((nothing, failure) -> {});
            assertThat(seen).failsWithin(TestSession.SOON);
            sender.send("forgotten");
            assertTold(output, "WARN", "coordinator: broadcast 'files': sending has failed, and");
        });
    }

    @Test
    void whatFailsBeforeTheCallHasReturnedIsToldAsWell(CapturedOutput output) {
        coordinator().run(context -> {
            CamureTemplate template = context.getBean(CamureTemplate.class);
            context.getSourceApplicationContext().stop();
            template.send("files", "late");
            assertTold(output, "WARN", "files", "the session was stopped with the application context");
        });
    }

    static class Step {

        @CamureBarrier("start-line")
        CompletionStage<String> step() {
            throw new AssertionError("nobody has come");
        }
    }

    @Test
    void aMethodThatIsNotCalledBecauseOfItsBarrierIsTold(CapturedOutput output) {
        coordinator().withBean(Step.class).run(context -> {
            Step steps = context.getBean(Step.class);
            assertThat(steps.step().toCompletableFuture()).failsWithin(TestSession.SOON);
            steps.step();
            assertTold(output, "WARN", "coordinator: barrier 'start-line': Step.step has failed, and", "start-line");
        });
    }
}
