package io.camure.runtime;

import io.camure.protocol.base.SessionEvent;

/** The side that a session is driven for. All is called under the session's lock, so that it may only hand on what it is told. */
public interface SessionObserver {

    /** Something has happened in the session; the events come in order. */
    void onEvent(SessionEvent event);

    /** The driver has ended by itself. */
    void onFailure(Throwable cause);

    /** Makes what threads read without the lock as new as the state machine is: after each turn and each command. */
    default void publish() {}
}
