package io.camure.spring.observation;

import io.camure.Headers;
import io.micrometer.observation.transport.Propagator;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;

/**
 * What goes with a message so that a trace goes on: what tracers tell in the format of the W3C or in one of B3's, in the 25 bytes of
 * {@link Headers#TRACEPARENT}, and only of traces that are sampled; and other fields that are asked for, as they are.
 */
final class TraceFields implements Propagator.Getter<MessageHeaders> {

    private static final String B3 = "b3";
    private static final String B3_TRACE_ID = "x-b3-traceid";
    private static final String B3_SPAN_ID = "x-b3-spanid";
    private static final String B3_SAMPLED = "x-b3-sampled";
    private static final String B3_FLAGS = "x-b3-flags";
    private static final String YES = "1";

    /** In lower case. */
    private final Set<String> others;

    /** @param others which fields beside the trace are carried, such as {@code baggage} */
    TraceFields(Collection<String> others) {
        this.others = others.stream().map(TraceFields::lowerCase).collect(Collectors.toUnmodifiableSet());
    }

    private static String lowerCase(String field) {
        return field.toLowerCase(Locale.ROOT);
    }

    /** Takes what a tracer tells with one message. Not thread-safe. */
    Propagator.Setter<Headers.Builder> ofMessage() {
        return new Setter();
    }

    private final class Setter implements Propagator.Setter<Headers.Builder> {

        private String traceId = "";
        private String spanId = "";
        private boolean sampled;

        @Override
        public void set(Headers.@Nullable Builder headers, String field, String value) {
            if (headers == null) {
                return;
            }
            String name = lowerCase(field);
            switch (name) {
                case Headers.TRACEPARENT -> put(headers, TraceParent.of(value));
                case B3 -> put(headers, TraceParent.ofB3(value));
                case B3_TRACE_ID -> traceId = value;
                case B3_SPAN_ID -> spanId = value;
                case B3_SAMPLED, B3_FLAGS -> sampled |= value.equals(YES);
                default -> {
                    if (others.contains(name)) {
                        headers.header(name, value);
                    }
                }
            }
            if (name.startsWith("x-b3-")) {
                put(headers, TraceParent.of(traceId, spanId, sampled));
            }
        }

        private static void put(Headers.Builder headers, @Nullable TraceParent trace) {
            if (trace != null && trace.sampled()) {
                headers.traceparent(trace.toString());
            }
        }
    }

    @Override
    public @Nullable String get(MessageHeaders headers, String field) {
        String name = lowerCase(field);
        if (others.contains(name)) {
            return headers.get(name) instanceof String text ? text : null;
        }
        TraceParent trace = headers.get(Headers.TRACEPARENT) instanceof String text ? TraceParent.of(text) : null;
        if (trace == null) {
            return null;
        }
        return switch (name) {
            case Headers.TRACEPARENT -> trace.toString();
            case B3 -> trace.b3();
            case B3_TRACE_ID -> trace.traceId();
            case B3_SPAN_ID -> trace.spanId();
            case B3_SAMPLED -> trace.sampled() ? YES : "0";
            default -> null;
        };
    }
}
