package io.camure;

import org.jspecify.annotations.Nullable;

/** A session can't be started or joined with these addresses on this machine; the message says what to change. */
public final class SessionStartException extends CamureException {

    private static final long serialVersionUID = 1L;

    public SessionStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
