package io.camure.node.group;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the futures of a session are completed, so that what depends on them never runs in a thread of the session. */
public final class FutureExecutor implements Executor {

    private static final Logger log = LoggerFactory.getLogger(FutureExecutor.class);

    private final String name;
    private final Executor configured;
    private final Executor fallback;

    /**
     * To be made by the thread that starts the session.
     *
     * @param name of the node
     * @param configured {@code null} for the default
     */
    public FutureExecutor(String name, @Nullable Executor configured) {
        this.name = name;
        fallback = withClassLoader(
                new CompletableFuture<>().defaultExecutor(),
                Thread.currentThread().getContextClassLoader());
        this.configured = configured == null ? fallback : configured;
    }

    /** In an executable jar the threads of the common pool know the application's classes only this way. */
    private static Executor withClassLoader(Executor executor, @Nullable ClassLoader classLoader) {
        return task -> executor.execute(() -> {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(classLoader);
            try {
                task.run();
            } finally {
                thread.setContextClassLoader(before);
            }
        });
    }

    /** Runs a task, by another executor if the configured one does not take it: a future that stays open holds somebody up. */
    @Override
    public void execute(Runnable task) {
        try {
            configured.execute(task);
        } catch (RuntimeException e) {
            log.warn(
                    "{}: the configured executor does not take the completion of a future, which runs on the default executor of"
                            + " CompletableFuture instead",
                    name,
                    e);
            fallback.execute(task);
        }
    }

    /** A future that is completed here, as are those that depend on it unless they name an executor. */
    public <T> CompletableFuture<T> newFuture() {
        return new SessionFuture<>(this);
    }

    private static final class SessionFuture<T> extends CompletableFuture<T> {

        private final FutureExecutor executor;

        private SessionFuture(FutureExecutor executor) {
            this.executor = executor;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new SessionFuture<>(executor);
        }

        @Override
        public Executor defaultExecutor() {
            return executor;
        }
    }
}
