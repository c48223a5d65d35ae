package io.camure.spring.observation;

import io.camure.RoundTracing;
import io.camure.spring.observation.CamureKeyNames.HighCardinality;
import io.camure.spring.observation.CamureKeyNames.LowCardinality;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a group as spans, where they are waited for in a sampled trace: {@code await <group>} at each node that does so, and
 * at the coordinator one {@code round <group>}. They refer to each other by links. The latter is a child of the span that the first of
 * these waits is in, since a trace of its own might not be sampled.
 */
final class RoundSpans implements RoundTracing {

    private static final String SYSTEM = "camure";

    private final Tracer tracer;
    private final String group;
    private final String node;

    /**
     * @param group its name as in {@code camure.groups}
     * @param node what this node calls itself
     */
    RoundSpans(Tracer tracer, String group, String node) {
        this.tracer = tracer;
        this.group = group;
        this.node = node;
    }

    @Override
    public @Nullable Wait onWait() {
        TraceContext around = tracer.currentTraceContext().context();
        if (around == null || !Boolean.TRUE.equals(around.sampled())) {
            return null;
        }
        TraceParent told = TraceParent.of(around.traceId(), around.spanId(), true);
        return told == null ? null : new AwaitSpan(around, told.bytes());
    }

    @Override
    public @Nullable Passage onComplete(Completion round) {
        Instant end = Instant.now();
        Span.Builder builder = builder("round ", end.minus(round.duration()))
                .tag("camure.round.number", round.number())
                .tag("camure.round.participants", round.participants());
        boolean first = true;
        for (byte[] told : round.contexts()) {
            TraceContext context = context(told);
            if (context != null) {
                if (first) {
                    builder.setParent(context);
                    first = false;
                }
                builder.addLink(new Link(context));
            }
        }
        if (first) {
            return null;
        }
        Span span = builder.start();
        span.event("last to arrive: " + round.last().name(), micros(end), TimeUnit.MICROSECONDS);
        TraceContext own = span.context();
        TraceParent told = TraceParent.of(own.traceId(), own.spanId(), Boolean.TRUE.equals(own.sampled()));
        return new RoundSpan(span, end, Objects.requireNonNull(told).bytes());
    }

    private Span.Builder builder(String what, Instant start) {
        return tracer.spanBuilder()
                .name(what + group)
                .startTimestamp(micros(start), TimeUnit.MICROSECONDS)
                .tag(LowCardinality.SYSTEM.asString(), SYSTEM)
                .tag(LowCardinality.GROUP.asString(), group)
                .tag(HighCardinality.NODE.asString(), node);
    }

    private @Nullable TraceContext context(byte[] told) {
        TraceParent parent = TraceParent.of(told);
        return parent == null
                ? null
                : tracer.traceContextBuilder()
                        .traceId(parent.traceId())
                        .spanId(parent.spanId())
                        .sampled(parent.sampled())
                        .build();
    }

    private static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    /** Made when it is over: only then it is known what it is linked to. */
    private final class AwaitSpan implements Wait {

        private final TraceContext around;
        private final byte[] context;
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();

        AwaitSpan(TraceContext around, byte[] context) {
            this.around = around;
            this.context = context;
        }

        @Override
        public byte[] context() {
            return context;
        }

        @Override
        public void onEnd(byte @Nullable [] round, @Nullable Throwable failure) {
            Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
            Span.Builder builder = builder("await ", start).setParent(around);
            TraceContext linked = round == null ? null : RoundSpans.this.context(round);
            if (linked != null) {
                builder.addLink(new Link(linked));
            }
            if (failure != null) {
                builder.error(failure);
            }
            builder.start().end(micros(start.plus(duration)), TimeUnit.MICROSECONDS);
        }
    }

    private record RoundSpan(Span span, Instant at, byte[] context) implements Passage {

        @Override
        public void end() {
            span.end(micros(at), TimeUnit.MICROSECONDS);
        }
    }
}
