package io.camure.spring.callback;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Logs failures of futures that nobody has asked how they ended: the first of each group within a second, and then all of a minute in one line.
 * Thread-safe.
 */
public final class UnaskedFailures implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(UnaskedFailures.class);

    /** Whoever was given a future that has failed already needs a moment to look at it. */
    private static final Executor SOON = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final Map<String, RepeatedWarning> warnings = new ConcurrentHashMap<>();

    /**
     * Stands for a future, which it ends and is cancelled with.
     *
     * @param group what it is about: there is a line for each
     * @param what has failed, as in {@code sending}
     */
    public <T> CompletableFuture<T> watch(Object group, String what, CompletableFuture<T> future) {
        WatchedFuture<T> watched = new WatchedFuture<>(future);
        watched.follow();
        future.whenComplete((value, failure) -> {
            if (failure != null && isOfCamure(failure) && !isEnd(failure)) {
                SOON.execute(() -> look(group + ": " + what, watched, failure));
            }
        });
        return watched;
    }

    /** What the application's own work has thrown is its own matter. */
    private static boolean isOfCamure(Throwable failure) {
        return failure instanceof CamureException || failure instanceof InterruptedException;
    }

    /** A node that closes has nothing delivered any more, nor does anybody wait for it. */
    private static boolean isEnd(Throwable failure) {
        return failure instanceof DisconnectedException over && over.reason() == DisconnectedException.Reason.CLOSED
                || failure.getCause() instanceof RejectedExecutionException;
    }

    private void look(String subject, WatchedFuture<?> future, Throwable failure) {
        if (!future.isAskedFor()) {
            warnings.computeIfAbsent(subject, name -> new RepeatedWarning((times, latest) -> warn(name, times, latest)))
                    .add(failure);
        }
    }

    private static void warn(String subject, long times, @Nullable Throwable latest) {
        log.warn(
                "{} has failed{}, and nobody has asked its future why: {}. Handle failures there, for example with"
                        + " whenComplete().",
                subject,
                times == 1 ? "" : " " + times + " times",
                reason(latest));
    }

    private static String reason(@Nullable Throwable failure) {
        String reason = String.valueOf(failure instanceof CamureException ? failure.getMessage() : failure);
        return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
    }

    /** Tells what it has kept for the next line. */
    @Override
    public void destroy() {
        warnings.values().forEach(RepeatedWarning::tell);
    }
}
