package io.camure.spring.callback;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What every thread has that code may depend on.
 *
 * @param diagnostics the {@link MDC}, if there is any
 */
record ThreadContext(
        @Nullable ClassLoader classLoader, @Nullable Map<String, String> diagnostics) {

    /** That of this thread now. */
    static ThreadContext capture() {
        return new ThreadContext(Thread.currentThread().getContextClassLoader(), MDC.getCopyOfContextMap());
    }

    /** A task that has it while it runs; what the thread had before it has again after that. */
    Runnable around(Runnable task) {
        return () -> {
            ThreadContext before = capture();
            enter();
            try {
                task.run();
            } finally {
                before.enter();
            }
        };
    }

    private void enter() {
        Thread.currentThread().setContextClassLoader(classLoader);
        if (diagnostics == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(diagnostics);
        }
    }
}
