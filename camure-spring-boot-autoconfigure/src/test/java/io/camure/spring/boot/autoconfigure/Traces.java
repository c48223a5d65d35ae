package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanReporter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What the nodes of a test have told of traces, whichever way they are made. */
final class Traces {

    static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    /** What an application has that makes traces, as Boot configures it. */
    enum Maker {
        OPEN_TELEMETRY(OpenTelemetrySdkAutoConfiguration.class, OpenTelemetryTracingAutoConfiguration.class),
        BRAVE(BraveAutoConfiguration.class);

        private final Class<?>[] configurations;

        Maker(Class<?>... configurations) {
            this.configurations = configurations;
        }
    }

    final List<FinishedSpan> spans = new CopyOnWriteArrayList<>();

    /** Has an application make traces and tell them here. */
    ApplicationContextRunner of(ApplicationContextRunner runner, Maker maker) {
        return runner.withConfiguration(AutoConfigurations.of(maker.configurations))
                .withConfiguration(AutoConfigurations.of(
                        ObservationAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
                .withBean(SpanReporter.class, () -> spans::add)
                // Only those go on that have begun before.
                .withPropertyValues(
                        "management.tracing.sampling.probability=0",
                        "management.opentelemetry.tracing.export.schedule-delay=10ms");
    }

    /** Does something in the trace of a caller, as a web server does that gets the header of a request. */
    static <T> T request(ApplicationContext context, boolean sampled, Callable<T> work) {
        Map<String, String> headers = Map.of(
                "traceparent",
                "00-" + TRACE + "-" + CALLER + (sampled ? "-01" : "-00"),
                "b3",
                TRACE + "-" + CALLER + (sampled ? "-1" : "-0"),
                "X-B3-TraceId",
                TRACE,
                "X-B3-SpanId",
                CALLER,
                "X-B3-Sampled",
                sampled ? "1" : "0");
        return request(context, headers, work);
    }

    static <T> T request(ApplicationContext context, Map<String, String> headers, Callable<T> work) {
        ReceiverContext<Map<String, String>> request = new ReceiverContext<>(Map::get);
        request.setCarrier(headers);
        return Observation.createNotStarted("request", () -> request, context.getBean(ObservationRegistry.class))
                .observe(() -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** The spans of a name, of which there have to be so many. */
    List<FinishedSpan> named(String name, int count) {
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> assertThat(named(name)).hasSize(count));
        return named(name);
    }

    private List<FinishedSpan> named(String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    void assertAllInTheTraceOfTheCaller() {
        assertThat(spans).extracting(FinishedSpan::getTraceId).containsOnly(TRACE);
    }
}
