package io.camure;

import java.io.IOException;

/** A message ended before it was whole: its writer gave up, or the connection did. What was read of it is a part only. */
public final class MessageAbandonedException extends IOException {

    private static final long serialVersionUID = 1L;

    MessageAbandonedException(String message) {
        super(message);
    }

    MessageAbandonedException(String message, Throwable cause) {
        super(message, cause);
    }
}
