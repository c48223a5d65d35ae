package io.camure.spring;

import java.util.concurrent.CompletableFuture;

/** A listener of this application: a {@link CamureListener} method, or a handler that code has registered. Thread-safe. */
public interface CamureListenerEndpoint {

    /** What the registry calls it. */
    String id();

    /** The name of the group it listens to. */
    String group();

    /** Whether it takes messages, or waits for some. */
    boolean isRunning();

    /** Has it take messages from now on. If it has left its group, that is joined again. Does nothing while it runs. */
    void start();

    /**
     * Has it take no more messages. What comes for the group then waits at this member, and soon holds the sender back.
     *
     * @return when the message that is being handled, and those in its queue, are done; at once when called by the listener
     */
    CompletableFuture<Void> stop();

    /** How many messages wait in its queue. */
    int queueSize();

    /** How many messages can wait in its queue; 0 when it has none. */
    int queueCapacity();

    /** How many messages were dropped since the application's start, as the queue was full or the application ended. */
    long dropped();
}
