package io.camure;

import org.jspecify.annotations.Nullable;

/** The base of camure's exceptions; the subtype tells the caller what it can do. */
public class CamureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CamureException(String message) {
        super(message);
    }

    public CamureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
