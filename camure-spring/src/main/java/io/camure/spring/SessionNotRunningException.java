package io.camure.spring;

import io.camure.CamureException;

/**
 * A bean of the session or of a group was used while there is no session: before the application context has started it,
 * while a member has not been able to join yet, or after the context was stopped.
 */
public final class SessionNotRunningException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final boolean stopped;

    /** While the session has not started yet. */
    public SessionNotRunningException(String message) {
        this(message, false);
    }

    /** @param stopped whether the session was stopped with its application context */
    public SessionNotRunningException(String message, boolean stopped) {
        super(message);
        this.stopped = stopped;
    }

    /** Whether the session was stopped with its application context, rather than not started yet. */
    public boolean isStopped() {
        return stopped;
    }
}
