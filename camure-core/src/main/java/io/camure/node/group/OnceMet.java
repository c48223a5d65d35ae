package io.camure.node.group;

import io.camure.runtime.Watcher;
import java.util.function.BooleanSupplier;

/** Waits for a condition on a session without a thread: gives a signal once it is met. */
public record OnceMet(BooleanSupplier condition, Runnable signal) implements Watcher {

    @Override
    public boolean check(long nowNanos) {
        if (!condition.getAsBoolean()) {
            return false;
        }
        signal.run();
        return true;
    }

    @Override
    public long deadlineNanos() {
        return Long.MAX_VALUE;
    }
}
