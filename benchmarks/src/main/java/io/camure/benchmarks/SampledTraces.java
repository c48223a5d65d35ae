package io.camure.benchmarks;

import io.camure.Headers;
import io.camure.Message;
import io.camure.RoundTracing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An application's tracing, at one of its nodes: every wait for a round and every message belongs to a trace of its own, of which so
 * many of a hundred are sampled, each node deciding for itself. It tells camure what Micrometer's tracers tell it, and takes what they
 * take. What such a tracer makes of it, the spans, and what Spring's observations of single messages cost beside, is left out.
 */
final class SampledTraces implements RoundTracing {

    private static final byte SAMPLED = 1;

    private final int percent;

    /** Traces that went on here. */
    private final LongAdder taken = new LongAdder();

    /** @param percent 0…100 */
    SampledTraces(int percent) {
        this.percent = percent;
    }

    /** Whether the trace that begins now is one. */
    private boolean isSampled() {
        return ThreadLocalRandom.current().nextInt(100) < percent;
    }

    /** Adds to the headers of a message that is about to be sent; gives them back as they are if it is in no sampled trace. */
    Headers addTo(Headers headers) {
        if (!isSampled()) {
            return headers;
        }
        HexFormat hex = HexFormat.of();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String trace = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
        return Headers.builder()
                .headers(headers)
                .traceparent("00-" + trace + "-" + hex.toHexDigits(random.nextLong() | 1) + "-01")
                .build();
    }

    /** Looks into which trace a message goes on with. */
    void take(Message message) {
        if (message.headers().traceparent().isPresent()) {
            taken.increment();
        }
    }

    @Override
    public @Nullable Wait onWait() {
        return isSampled() ? new SampledWait(context()) : null;
    }

    @Override
    public Passage onComplete(Completion round) {
        return new SampledPassage(context());
    }

    private static byte[] context() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return ByteBuffer.allocate(CONTEXT_BYTES)
                .putLong(random.nextLong())
                .putLong(random.nextLong() | 1)
                .putLong(random.nextLong() | 1)
                .put(SAMPLED)
                .array();
    }

    private final class SampledWait implements Wait {

        private final byte[] context;

        SampledWait(byte[] context) {
            this.context = context;
        }

        @Override
        public byte[] context() {
            return context;
        }

        @Override
        public void onEnd(byte @Nullable [] round, @Nullable Throwable failure) {
            if (round != null) {
                taken.increment();
            }
        }
    }

    private record SampledPassage(byte[] context) implements Passage {

        @Override
        public void end() {
            // There is no span to end.
        }
    }
}
