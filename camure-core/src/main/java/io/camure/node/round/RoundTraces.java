package io.camure.node.round;

import io.camure.Node;
import io.camure.RoundTracing;
import io.camure.node.group.NodeContext;
import io.camure.node.group.Nodes;
import io.camure.protocol.round.RoundTracer;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rounds of a group in the traces of the application, whose failures there are no failures of the rounds. */
final class RoundTraces implements RoundTracer {

    private static final Logger log = LoggerFactory.getLogger(RoundTraces.class);

    private final RoundTracing tracing;
    private final NodeContext node;
    private final Object group;
    private final Consumer<byte[]> arrivalSink;
    private final AtomicBoolean failed = new AtomicBoolean();

    private RoundTraces(RoundTracing tracing, NodeContext node, Object group, Consumer<byte[]> arrivalSink) {
        this.tracing = tracing;
        this.node = node;
        this.group = group;
        this.arrivalSink = arrivalSink;
    }

    /**
     * Gives back {@code null} when rounds show in no traces.
     *
     * @param group is named in the log
     * @param arrivalSink is told, under the driver's lock, in which trace this node is about to arrive
     */
    static @Nullable RoundTraces of(
            @Nullable RoundTracing tracing, NodeContext node, Object group, Consumer<byte[]> arrivalSink) {
        return tracing == null ? null : new RoundTraces(tracing, node, group, arrivalSink);
    }

    /** A wait in a trace. */
    final class Wait {

        private final RoundTracing.Wait wait;
        private final byte[] context;

        private Wait(RoundTracing.Wait wait) {
            this.wait = wait;
            context = checked(wait.context());
        }

        private void tell() {
            arrivalSink.accept(context);
        }

        /** See {@link RoundTracing.Wait#onEnd}. */
        void onEnd(byte @Nullable [] round, @Nullable Throwable failure) {
            safely(() -> {
                wait.onEnd(round == null ? null : round.clone(), failure);
                return null;
            });
        }
    }

    /**
     * A thread is about to wait.
     *
     * @param traces {@code null} when rounds show in none
     * @return {@code null} when it does so in no trace
     */
    static @Nullable Wait onWait(@Nullable RoundTraces traces) {
        return traces == null ? null : traces.onWait();
    }

    private @Nullable Wait onWait() {
        return safely(() -> {
            RoundTracing.Wait wait = tracing.onWait();
            return wait == null ? null : new Wait(wait);
        });
    }

    /** This node is about to arrive for a wait, which may be in no trace. Called under the driver's lock. */
    static void tell(@Nullable Wait wait) {
        if (wait != null) {
            wait.tell();
        }
    }

    /** A wait, which may be in no trace, is over when a future is. */
    static void endWith(
            @Nullable Wait wait, CompletableFuture<?> future, Supplier<byte @Nullable []> roundOfCompleted) {
        if (wait != null) {
            // In the thread that completes it, which has not given the arrival back yet.
            future.whenComplete(
                    (result, failure) -> wait.onEnd(failure == null ? roundOfCompleted.get() : null, failure));
        }
    }

    /** A wait is over, which may be in no trace. */
    static void end(@Nullable Wait wait, byte @Nullable [] round, @Nullable Throwable failure) {
        if (wait != null) {
            wait.onEnd(round, failure);
        }
    }

    @Override
    public byte @Nullable [] onComplete(
            long round, int participants, long elapsedNanos, @Nullable NodeIdentity last, List<byte[]> contexts) {
        Node lastNode = last == null ? node.node() : Nodes.of(last);
        return safely(() -> {
            RoundTracing.Passage passage = tracing.onComplete(new RoundTracing.Completion(
                    round, participants, Duration.ofNanos(elapsedNanos), lastNode, contexts));
            if (passage == null) {
                return null;
            }
            // What ends a span may export it, which takes any time.
            node.dispatcher().execute(passage::end);
            return checked(passage.context());
        });
    }

    private static byte[] checked(byte[] context) {
        if (context.length != RoundTracing.CONTEXT_BYTES) {
            throw new IllegalArgumentException("the context in a trace has " + context.length + " bytes: it must have "
                    + RoundTracing.CONTEXT_BYTES);
        }
        return context.clone();
    }

    private <T> @Nullable T safely(Supplier<@Nullable T> call) {
        try {
            return call.get();
        } catch (RuntimeException | LinkageError e) {
            if (failed.compareAndSet(false, true)) {
                log.warn(
                        "{}: its rounds may be missing in traces; this is told once: the tracing has failed", group, e);
            }
            return null;
        }
    }
}
