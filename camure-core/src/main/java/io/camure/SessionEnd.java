package io.camure;

import io.camure.runtime.SessionDriver;
import org.jspecify.annotations.Nullable;

/** Why a session is over on this node, whichever its role. */
final class SessionEnd {

    private SessionEnd() {}

    static @Nullable CamureException of(SessionDriver driver, String name) {
        Throwable failure = driver.failure();
        if (failure != null) {
            return failed(name, failure);
        }
        return driver.isClosed() ? closed(name) : null;
    }

    static CamureException closed(String name) {
        return new DisconnectedException(DisconnectedException.Reason.CLOSED, name + ": the session is closed", null);
    }

    static CamureException failed(String name, Throwable cause) {
        return new DisconnectedException(
                DisconnectedException.Reason.FAILED, name + ": the session has failed: " + cause, cause);
    }
}
