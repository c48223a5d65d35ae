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

    /** Starts taking messages, and joins its group again if it has left that. Does nothing while it is running. */
    void start();

    /**
     * Stops taking messages. Those that arrive then are for the other listeners of its group; if none is running, they wait at
     * this member, and soon hold the sender back.
     *
     * @return when the message that is being handled, and those in its queue, are done; at once when called by the listener
     */
    CompletableFuture<Void> stop();

    /** How many messages wait in its queue. */
    int queueSize();

    /** How many messages can wait in its queue; 0 when it has none. */
    int queueCapacity();

    /** How many messages were dropped since the application's start, whyever. */
    long dropped();

    /** How many messages were dropped since the application's start for a reason. */
    long dropped(DropReason reason);

    /** Why a message does not get to its listener. */
    enum DropReason {
        /** The queue was full. */
        FULL,
        /** A newer one has come, as {@link CamureListener.OnFull#LATEST} wants it. */
        SUPERSEDED,
        /** The application was closing. */
        CLOSING
    }
}
