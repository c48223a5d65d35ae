package io.camure.spring;

import io.camure.CamureException;

/**
 * A listener was too slow, and {@link CamureListener.OnFull#FAIL} has it leave its group then: messages are missed until it is
 * started again. To go on without, raise its queue capacity, or have it wait or drop.
 */
public final class ListenerQueueFullException extends CamureException {

    private static final long serialVersionUID = 1L;

    public ListenerQueueFullException(String message) {
        super(message);
    }
}
