package io.camure;

import java.util.Optional;

/** The coordinator did not answer, or did not admit this node to a group. The caller may try again. */
public final class JoinTimeoutException extends CamureTimeoutException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public JoinTimeoutException(String message) {
        this(message, "");
    }

    /** @param reason what the coordinator said; empty when it said nothing. The message tells it, too */
    public JoinTimeoutException(String message, String reason) {
        super(message);
        this.reason = reason;
    }

    /** What the coordinator said that this node has to wait for; empty when it said nothing, as legacy peers do. */
    public Optional<String> reason() {
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
    }
}
