package io.camure;

import java.io.IOException;

/** A message ended before it was whole: its writer gave it up, or this node was disconnected. Only a part of it was read. */
public final class MessageAbandonedException extends IOException {

    private static final long serialVersionUID = 1L;

    public MessageAbandonedException(String message) {
        super(message);
    }

    public MessageAbandonedException(String message, Throwable cause) {
        super(message, cause);
    }
}
