package io.camure.protocol.base;

import java.util.Locale;

/** What may become of the headers of a message, or of the message for their sake, other than that they arrive. */
public enum HeaderOutcome {
    /** The message was sent without them, since they are unknown to a member. */
    LEFT_OUT,
    /** The message was dropped by who received it, since its headers can't be read. */
    REFUSED,
    /** The message was dropped by who received it, since its expiry was over. */
    EXPIRED;

    /** As meters and statistics write it, such as {@code left-out}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
