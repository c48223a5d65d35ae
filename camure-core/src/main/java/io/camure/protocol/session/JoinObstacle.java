package io.camure.protocol.session;

import io.camure.wire.Extension;
import org.jspecify.annotations.Nullable;

/** What a coordinator has said in place of letting a node in. */
public enum JoinObstacle {
    /** Nothing. */
    NONE,
    /** The session has as many members as it may have. */
    SESSION_FULL,
    /** Only nodes that seal are let in. */
    SECURED_ONLY;

    /** @param spoken what a coordinator says of itself when it refuses a node that could be in; nothing, if it is to seal */
    static JoinObstacle of(@Nullable Extension spoken) {
        return spoken == null ? SECURED_ONLY : SESSION_FULL;
    }
}
