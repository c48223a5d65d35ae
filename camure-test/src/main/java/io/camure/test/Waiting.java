package io.camure.test;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Round;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/** Bounded waits of tests. */
final class Waiting {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    private Waiting() {}

    /** @throws ConditionTimeoutException when the condition does not come about */
    static void until(String what, Duration patience, Callable<Boolean> condition) {
        factory(what, patience).until(condition);
    }

    /** @throws ConditionTimeoutException when the condition does not come about */
    static <T> T until(String what, Duration patience, Callable<T> supplier, Predicate<T> condition) {
        return factory(what, patience).until(supplier, condition);
    }

    /** @throws CamureException what the round of any of them fails with */
    static Round round(Duration patience, Barrier first, Barrier... others) throws InterruptedException {
        List<CompletableFuture<Round>> arrivals =
                Stream.of(others).map(Barrier::awaitAsync).toList();
        Round round = first.await(patience);
        for (CompletableFuture<Round> arrival : arrivals) {
            try {
                arrival.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof CamureException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return round;
    }

    private static ConditionFactory factory(String what, Duration patience) {
        return Awaitility.await(what).atMost(patience).pollDelay(Duration.ZERO).pollInterval(POLL_INTERVAL);
    }
}
