package io.camure.spring;

import io.camure.CamureException;

/**
 * A message was larger than a listener that takes it whole may be given, so that the listener was not called. What a
 * {@link CamureListenerErrorHandler} and a {@link ListenerFailedEvent} are told.
 */
public final class MessageTooLargeException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final int maximumSize;

    public MessageTooLargeException(String message, int maximumSize) {
        super(message);
        this.maximumSize = maximumSize;
    }

    /** The largest that is taken whole, in bytes. */
    public int maximumSize() {
        return maximumSize;
    }
}
