package io.camure.node.collective;

import io.camure.Outcome;
import io.camure.node.round.RoundWaiter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Waits for the rounds of calls. */
final class CallWaiter {

    private final RoundWaiter<Call<?>, Outcome<?>> waiter;

    CallWaiter(RoundWaiter<Call<?>, Outcome<?>> waiter) {
        this.waiter = waiter;
    }

    /** Which value there is follows from the call. */
    @SuppressWarnings("unchecked")
    <V> Outcome<V> await(Call<V> call, @Nullable Object given, @Nullable Duration timeout) throws InterruptedException {
        return (Outcome<V>) waiter.await(call, given, timeout);
    }

    @SuppressWarnings("unchecked")
    <V> CompletableFuture<Outcome<V>> begin(Call<V> call, @Nullable Object given, @Nullable Duration timeout) {
        return (CompletableFuture<Outcome<V>>) (CompletableFuture<?>) waiter.awaitAsync(call, given, timeout);
    }

    /**
     * This node has arrived at a round already.
     *
     * @param group as messages call it
     * @throws IllegalStateException when another caller waits for it, or something else was called
     */
    static void checkRejoined(Object group, Call<?> first, Call<?> call, boolean awaited) {
        if (awaited) {
            throw new IllegalStateException(
                    group + ": another thread of this node waits for " + first + ": a node makes one call at a time");
        } else if (!first.isSameAs(call)) {
            throw new IllegalStateException(group + ": this node has called " + first
                    + ", which it can't take back: call that again to learn its outcome before " + call);
        }
    }
}
