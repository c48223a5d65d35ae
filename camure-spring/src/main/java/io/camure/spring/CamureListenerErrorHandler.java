package io.camure.spring;

import org.springframework.messaging.Message;

/** Is told what a {@link CamureListener} method throws: a bean whose name is its {@link CamureListener#errorHandler}. */
@FunctionalInterface
public interface CamureListenerErrorHandler {

    /**
     * Called by the listener's thread, which takes the next message after that; with a {@link ListenerQueueFullException} by the
     * thread that has found the queue full, while a message may be handled. What it throws itself is logged.
     *
     * @param message its payload is the content as {@code byte[]}, or an {@link io.camure.Message} where the method reads that
     *     itself or the content did not become whole
     * @param failure what the method has thrown, or why it could not be called
     */
    void handleError(CamureListenerEndpoint listener, Message<?> message, Throwable failure) throws Exception;
}
