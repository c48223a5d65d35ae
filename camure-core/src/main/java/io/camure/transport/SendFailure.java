package io.camure.transport;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers why the system does not take datagrams, while it does not, and says so in the log, once a minute at most: one
 * destination of many may be out of reach for long. For the thread that sends; {@link #reason} may be read by any.
 */
public final class SendFailure {

    private static final Logger log = LoggerFactory.getLogger(SendFailure.class);

    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Object from;
    private long nextLogNanos = System.nanoTime();
    private volatile @Nullable String reason;

    /** @param from what the log calls the sender */
    public SendFailure(Object from) {
        this.from = from;
    }

    /** A datagram was not taken, for another reason than that the send buffer is full, which is nothing to worry about. */
    public void onFailed(String why) {
        if (reason == null && System.nanoTime() - nextLogNanos >= 0) {
            nextLogNanos = System.nanoTime() + LOG_INTERVAL_NANOS;
            log.warn("{}: the system refuses to send: {}; what is lost by that is repeated", from, why);
        }
        reason = why;
    }

    /** A datagram was taken. */
    public void onTaken() {
        if (reason != null) {
            reason = null;
        }
    }

    /** Why the last datagram was not taken, or {@code null} when it was. */
    public @Nullable String reason() {
        return reason;
    }
}
