package io.camure.spring;

import io.camure.Delivery;
import java.util.concurrent.CompletableFuture;

/**
 * Sends objects of one type to a broadcast group, at its coordinator. A bean for each group whose {@code payload-type} is
 * configured, and to be had from {@link CamureTemplate#sender}. Thread-safe.
 *
 * @param <T> what the messages are
 */
@FunctionalInterface
public interface BroadcastSender<T> {

    /** Sends a message as {@link CamureTemplate#send} does. */
    CompletableFuture<Delivery> send(T payload);
}
