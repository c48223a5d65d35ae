package io.camure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the rounds of a group show in the traces of the application, whatever makes those: nodes tell in which trace they wait, the
 * coordinator what stands for the round in a trace. Whatever an implementation throws is logged once, and the round goes on as
 * without it. Thread-safe.
 *
 * <p>A <em>context</em> is what the others have to know of a span to refer to it: the {@value #CONTEXT_BYTES} bytes of the W3C's
 * traceparent (Trace Context, section 3.2), which are the trace id (16 bytes), the span's id (8) and the flags (1). camure only carries
 * it.
 */
public interface RoundTracing {

    /** How long a context is, in bytes. */
    int CONTEXT_BYTES = 25;

    /**
     * A thread is about to wait for a round. Called by that thread, which holds no lock.
     *
     * @return {@code null} when it does so in no trace that is recorded: then nothing is sent
     */
    @Nullable
    Wait onWait();

    /**
     * A round is complete, at least one of whose participants has told in which trace it waits. Called at the coordinator, between
     * the last arrival and the release, with the session's lock held: what begins a span must not block, as the specifications of
     * tracers demand anyway (OpenTelemetry: {@code SpanProcessor.onStart}).
     *
     * @return {@code null} to tell nothing of the round
     */
    @Nullable
    Passage onComplete(Completion round);

    /** A wait in a trace that is recorded. */
    interface Wait {

        /** Of the span that the wait is in: {@value #CONTEXT_BYTES} bytes. Asked once. */
        byte[] context();

        /**
         * The wait is over. Called by the thread that has waited, before it goes on, or by the one that completes or cancels its future.
         *
         * @param round what the coordinator has given for the round; {@code null} when it has given nothing, and when the round has not
         *     ended or was broken
         * @param failure why the round is not complete, or not waited for any more; {@code null} when it is
         */
        void onEnd(byte @Nullable [] round, @Nullable Throwable failure);
    }

    /** A round in the traces of its participants. */
    interface Passage {

        /** Of the span that stands for the round: {@value #CONTEXT_BYTES} bytes. Asked once. */
        byte[] context();

        /** The release was sent. Called by the thread that calls listeners. */
        void end();
    }

    /**
     * A round at which all have arrived.
     *
     * @param number as in {@link Round}
     * @param participants how many have taken part
     * @param duration since the first of them has arrived
     * @param last who has arrived last
     * @param contexts what participants have told, in the order in which they have arrived; of many, the first 64. Never empty
     */
    record Completion(long number, int participants, Duration duration, Node last, List<byte[]> contexts) {}
}
