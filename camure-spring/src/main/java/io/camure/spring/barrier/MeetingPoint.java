package io.camure.spring.barrier;

import io.camure.Group;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where callers of a method meet the other nodes. */
interface MeetingPoint {

    Group group();

    /**
     * Waits for the others.
     *
     * @param value what this node gives, where it gives something
     * @return the round, or its outcome
     */
    Object meet(@Nullable Object value) throws InterruptedException;

    /** Arrives without waiting. The future fails as waiting does. */
    CompletableFuture<?> arrive(@Nullable Object value);
}
