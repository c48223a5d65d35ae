package io.camure;

import java.util.List;

/**
 * Not all members acknowledged in time what was sent, or there was no room to send it. What is in the window is still being
 * delivered; a message that was not written whole has been given up.
 */
public final class DeliveryTimeoutException extends CamureTimeoutException {

    private static final long serialVersionUID = 1L;

    private final transient List<Node> unacknowledgedBy;

    /** @param unacknowledgedBy see {@link #unacknowledgedBy} */
    public DeliveryTimeoutException(String message, List<Node> unacknowledgedBy) {
        super(message);
        this.unacknowledgedBy = List.copyOf(unacknowledgedBy);
    }

    /** The members that have not acknowledged everything; empty while expected members have yet to join. */
    public List<Node> unacknowledgedBy() {
        return unacknowledgedBy;
    }
}
