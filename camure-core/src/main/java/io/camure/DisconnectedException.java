package io.camure;

import org.jspecify.annotations.Nullable;

/** This node is no longer in the group or in the session, so that what it waits for can't happen. */
public final class DisconnectedException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** This node closed the group or the session itself. */
        CLOSED,
        /** The coordinator closed the group. */
        GROUP_CLOSED,
        /** The coordinator took this node out, since it did not hear from it for too long. Join again to go on. */
        EVICTED,
        /**
         * The coordinator took this node out of a broadcast, since it did not read fast enough. What was received before can
         * be read; join again to go on with what is sent then.
         */
        TOO_SLOW,
        /** The coordinator was not heard for too long, or was started anew. Join the session again to go on. */
        COORDINATOR_LOST,
        /** The session failed on this node: the cause says why. */
        FAILED
    }

    DisconnectedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
