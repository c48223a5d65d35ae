package io.camure.spring;

import io.camure.CamureException;

/**
 * A bean of the session or of a group was used while there is no session: before the application context has started it,
 * while a member has not been able to join yet, or after the context was stopped.
 */
public final class SessionNotRunningException extends CamureException {

    private static final long serialVersionUID = 1L;

    public SessionNotRunningException(String message) {
        super(message);
    }
}
