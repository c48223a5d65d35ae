package io.camure.spring.kind;

import io.camure.Loss;
import io.camure.Member;
import io.camure.spring.CamureEvent;
import io.camure.spring.SessionNotRunningException;
import io.camure.spring.callback.Callbacks;
import java.util.Optional;

/** What a group knows of the session that it belongs to. Thread-safe. */
public interface SessionContext {

    /** As in {@code camure.sessions}; {@code default} is the one that has no name there. */
    String sessionName();

    /** What threads, logs, errors and health call this node. */
    String name();

    /** Where its properties are: {@code camure.} for the one that has no name. */
    String prefix();

    Role role();

    /** Whether its coordinator is elected, which this node may be. */
    boolean isElected();

    /** Whether this node coordinates the session now. */
    boolean isCoordinator();

    /** Whether it was started and not stopped, be it joined or not. */
    boolean isRunning();

    /** This node in the session; nothing at the coordinator, and while it has not joined. */
    Optional<Member> member();

    /**
     * Creates or joins a group if the session is running; otherwise that is done with the others.
     *
     * @throws io.camure.CamureException when it can't be
     */
    void open(String group) throws InterruptedException;

    /** Tells the application. What its listeners throw is logged. */
    void publish(CamureEvent event);

    /** Where futures are handed over that this session gives to the application. */
    Callbacks callbacks();

    /** Why this node is not in the session, and what is tried; empty while it is, at a coordinator, and while it is stopped. */
    Optional<Loss> loss();

    /**
     * Tells why something can't be used while there is nothing behind it.
     *
     * @param loss what came of the tries to join it, if there were any
     */
    SessionNotRunningException notRunning(String description, Optional<Loss> loss);
}
