package io.camure.spring.boot.autoconfigure;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.spring.SessionNotRunningException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Sees to it that an application is not said to have failed because it was closed while it waited: in a runner for a barrier, or
 * at its start for the coordinator.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ClosingReporter implements SpringBootExceptionReporter {

    private static final Logger log = LoggerFactory.getLogger(ClosingReporter.class);

    private final @Nullable ConfigurableApplicationContext context;

    ClosingReporter(@Nullable ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        if (context == null || !context.isClosed()) {
            return false;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isEnd(cause)) {
                log.info("the application is closing, and no longer waits: {}", cause.getMessage());
                return true;
            }
        }
        return false;
    }

    private static boolean isEnd(Throwable cause) {
        return cause instanceof DisconnectedException over && over.reason() == DisconnectedException.Reason.CLOSED
                || cause instanceof SessionNotRunningException late && late.isStopped()
                || cause instanceof CamureException && cause.getCause() instanceof InterruptedException;
    }
}
