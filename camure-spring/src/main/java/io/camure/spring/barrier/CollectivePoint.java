package io.camure.spring.barrier;

import io.camure.Collective;
import io.camure.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A collective in which values are reduced.
 *
 * @param timeout {@code null} for that of the group
 */
record CollectivePoint(Collective<Object> group, @Nullable Duration timeout) implements MeetingPoint {

    @Override
    public Outcome<Object> meet(@Nullable Object value) throws InterruptedException {
        Object given = Objects.requireNonNull(value);
        return timeout == null ? group.allReduce(given) : group.allReduce(given, timeout);
    }

    @Override
    public CompletableFuture<Outcome<Object>> arrive(@Nullable Object value) {
        Object given = Objects.requireNonNull(value);
        return timeout == null ? group.allReduceAsync(given) : group.allReduceAsync(given, timeout);
    }
}
