package io.camure.test.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Something that a test does in a thread of its own. */
public final class Background<T> {

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> action) {
        task = new FutureTask<>(action);
        thread = new Thread(task, "test-background");
        thread.setDaemon(true);
    }

    public static <T> Background<T> run(Callable<T> action) {
        Background<T> background = new Background<>(action);
        background.thread.start();
        return background;
    }

    /** Does something in a thread of its own, of which only the outcome matters. */
    public static <T> CompletableFuture<T> async(Callable<T> action) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        run(() -> {
            try {
                outcome.complete(action.call());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
            return null;
        });
        return outcome;
    }

    /** Waits until the thread waits in what it was given to do: asleep, or driving its session meanwhile. */
    public void awaitBlocked() {
        await().pollInterval(Duration.ofMillis(2)).atMost(Loopback.LONG).until(() -> isWaiting() || task.isDone());
    }

    private boolean isWaiting() {
        return thread.getState() == Thread.State.TIMED_WAITING
                || Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("awaitEntered"));
    }

    public void interrupt() {
        thread.interrupt();
    }

    public boolean isDone() {
        return task.isDone();
    }

    /** What it gave back; fails with what it failed with. */
    public T result() throws Exception {
        try {
            return task.get(Loopback.LONG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** What it failed with, or {@code null} when it did not. */
    public Throwable failure() throws Exception {
        try {
            task.get(Loopback.LONG.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
