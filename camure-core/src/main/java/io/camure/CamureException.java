package io.camure;

import org.jspecify.annotations.Nullable;

/** What camure throws when something can't be done; its subtypes tell what a caller can do about it. */
public class CamureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CamureException(String message) {
        super(message);
    }

    public CamureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
