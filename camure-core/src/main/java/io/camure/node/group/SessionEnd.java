package io.camure.node.group;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.ProtocolVersionException;
import io.camure.SessionNameMismatchException;
import io.camure.protocol.base.Disconnection;
import io.camure.runtime.SessionDriver;
import org.jspecify.annotations.Nullable;

/** Why a session is over on this node, whichever its role. */
public final class SessionEnd {

    /** What begins the message of a try at which no coordinator has let this node in. */
    public static final String NOT_ADMITTED = "no coordinator has admitted this node: ";

    private SessionEnd() {}

    public static @Nullable CamureException of(SessionDriver driver, String name) {
        if (!driver.isClosed()) {
            return null;
        }
        Throwable failure = driver.failure();
        return failure == null ? closed(name) : failed(name, failure);
    }

    public static CamureException closed(String name) {
        return new DisconnectedException(DisconnectedException.Reason.CLOSED, name + ": the session is closed", null);
    }

    public static CamureException failed(String name, Throwable cause) {
        return new DisconnectedException(
                DisconnectedException.Reason.FAILED, name + ": the session has failed: " + cause, cause);
    }

    /** @param sendFailure why this node can't send now, or {@code null} */
    public static CamureException lost(String name, Disconnection loss, @Nullable String sendFailure) {
        String message =
                name + ": " + loss.detail() + (sendFailure == null ? "" : "; this node can't send: " + sendFailure);
        return switch (loss.cause()) {
            case UNKNOWN_VERSION -> new ProtocolVersionException(message);
            case OTHER_SESSION -> new SessionNameMismatchException(message);
            case LEFT -> new DisconnectedException(DisconnectedException.Reason.CLOSED, message, null);
            default -> new DisconnectedException(DisconnectedException.Reason.COORDINATOR_LOST, message, null);
        };
    }

    /**
     * Why this node is out of a session against its will, or {@code null} when it is not. To be called under the driver's lock.
     *
     * @param loss what the session says
     * @param sendFailure why this node can't send now, or {@code null}
     */
    public static @Nullable CamureException ofMember(
            SessionDriver driver, String name, @Nullable Disconnection loss, @Nullable String sendFailure) {
        if (loss != null) {
            return loss.cause() == Disconnection.Cause.LEFT ? null : lost(name, loss, sendFailure);
        }
        Throwable failure = driver.failure();
        return failure == null ? null : failed(name, failure);
    }

    /**
     * What fails while something is lost that is to be joined again.
     *
     * @param what is lost, such as a group
     * @param name that of this node
     * @param history since when, and what is tried
     */
    public static DisconnectedException outage(String what, String name, CamureException loss, String history) {
        DisconnectedException.Reason reason = loss instanceof DisconnectedException disconnected
                ? disconnected.reason()
                : DisconnectedException.Reason.COORDINATOR_LOST;
        return new DisconnectedException(
                reason,
                what + " can't be used until it is joined again: " + briefly(loss, what, name) + "; " + history,
                loss);
    }

    /** What a failure says, without whom it is about, where that is said already, and without its advice. */
    public static String briefly(CamureException failure, String what, String name) {
        String message = String.valueOf(failure.getMessage());
        for (String known : new String[] {what + ": ", name + ": ", NOT_ADMITTED}) {
            message = message.startsWith(known) ? message.substring(known.length()) : message;
        }
        int end = message.indexOf(". ");
        return end < 0 ? message.replaceFirst("\\.$", "") : message.substring(0, end);
    }
}
