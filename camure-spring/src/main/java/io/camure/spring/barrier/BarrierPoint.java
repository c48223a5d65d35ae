package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.spring.callback.Callbacks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A barrier.
 *
 * @param timeout {@code null} for that of the group
 * @param callbacks where callers that don't wait go on
 */
record BarrierPoint(Barrier group, @Nullable Duration timeout, Callbacks callbacks) implements MeetingPoint {

    private static final Duration AT_ONCE = Duration.ofNanos(1);

    @Override
    public Round meet(@Nullable Object value) throws InterruptedException {
        return timeout == null ? group.await() : group.await(timeout);
    }

    @Override
    public CompletableFuture<Round> arrive(@Nullable Object value) {
        if (timeout == null) {
            return group.awaitAsync();
        }
        CompletableFuture<Round> result = new CompletableFuture<>();
        arrive(group, System.nanoTime() + timeout.toNanos(), result);
        return callbacks.handOver(result, (round, failure) -> {});
    }

    /** As often as the group's own timeout ends the wait before this one does: the next arrival is at the same round. */
    private static void arrive(Barrier barrier, long deadlineNanos, CompletableFuture<Round> result) {
        CompletableFuture<Round> arrival = barrier.awaitAsync();
        result.whenComplete((round, failure) -> arrival.cancel(true));
        arrival.copy()
                .orTimeout(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
                .whenComplete((round, failure) -> {
                    Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (why instanceof RoundTimeoutException && deadlineNanos - System.nanoTime() > 0) {
                        arrive(barrier, deadlineNanos, result);
                    } else if (why instanceof TimeoutException) {
                        result.completeAsync(() -> lastLook(barrier));
                    } else if (why != null) {
                        result.completeExceptionally(why);
                    } else {
                        result.complete(round);
                    }
                });
    }

    /** Says who is missing. */
    private static Round lastLook(Barrier barrier) {
        try {
            return barrier.await(AT_ONCE);
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
