package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.method.AsyncType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a caller of a method has to wait for.
 *
 * @param barrier nothing when barriers are disabled
 * @param timeout {@code null} for that of the group
 * @param async how the method's results come, {@code null} when they are there when it returns
 * @param ownThread whether the method has a thread of its own, which waits
 * @param callbacks where callers that don't wait go on, nothing when barriers are disabled
 * @param failures tells what nobody asks for, nothing when barriers are disabled
 */
record BarrierWait(
        @Nullable Barrier barrier,
        @Nullable Duration timeout,
        When when,
        @Nullable AsyncType async,
        boolean ownThread,
        @Nullable Callbacks callbacks,
        @Nullable UnaskedFailures failures) {

    private static final Duration AT_ONCE = Duration.ofNanos(1);

    static BarrierWait none(When when) {
        return new BarrierWait(null, null, when, null, false, null, null);
    }

    void await() throws InterruptedException {
        if (barrier != null && timeout != null) {
            barrier.await(timeout);
        } else if (barrier != null) {
            barrier.await();
        }
    }

    /** Gives back a result for the caller, who may forget about it: a method that was not called is not to go unnoticed. */
    @Nullable
    Object watch(Method method, @Nullable Object result) {
        return result instanceof CompletableFuture<?> future && failures != null && barrier != null
                ? failures.watch(barrier, method.getDeclaringClass().getSimpleName() + "." + method.getName(), future)
                : result;
    }

    /** Arrives without waiting. The future fails as waiting does. */
    CompletableFuture<Round> arrive() {
        Barrier at = Objects.requireNonNull(barrier);
        if (timeout == null) {
            return at.awaitAsync();
        }
        CompletableFuture<Round> result = new CompletableFuture<>();
        arrive(at, System.nanoTime() + timeout.toNanos(), result);
        return Objects.requireNonNull(callbacks).handOver(result, (round, failure) -> {});
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
