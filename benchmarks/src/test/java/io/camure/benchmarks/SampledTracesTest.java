package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Headers;
import io.camure.RoundTracing;
import org.junit.jupiter.api.Test;

class SampledTracesTest {

    private final Headers headers = Headers.of("name", "value");

    @Test
    void whatIsInNoSampledTraceIsSentAsItIs() {
        SampledTraces traces = new SampledTraces(0);

        assertThat(traces.addTo(headers)).isSameAs(headers);
        assertThat(traces.onWait()).isNull();
    }

    @Test
    void whatIsInASampledTraceTellsIt() {
        SampledTraces traces = new SampledTraces(100);

        Headers sent = traces.addTo(headers);

        assertThat(sent.get("name")).contains("value");
        assertThat(sent.traceparent()).get().asString().matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(traces.addTo(headers)).as("another trace").isNotEqualTo(sent);
        RoundTracing.Wait wait = traces.onWait();
        assertThat(wait).isNotNull();
        assertThat(wait.context()).hasSize(RoundTracing.CONTEXT_BYTES).endsWith(1);
    }
}
