package io.camure;

import org.jspecify.annotations.Nullable;

/** This node is no longer in the group or the session, so what it waits for can't happen. */
public final class DisconnectedException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** This node closed the group or the session itself. */
        CLOSED,
        /** The coordinator closed the group. */
        GROUP_CLOSED,
        /** The coordinator evicted this node, since it had not heard from it for too long. Join again to go on. */
        EVICTED,
        /**
         * The coordinator evicted this node from a broadcast, since it did not read fast enough. What arrived before can be
         * read; join again to receive what is sent from then on.
         */
        TOO_SLOW,
        /** The coordinator was silent for too long, does not hear this node, or restarted. Join the session again to go on. */
        COORDINATOR_LOST,
        /** The session failed on this node: the cause says why. */
        FAILED
    }

    public DisconnectedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
