package io.camure.node.group;

import io.camure.Group;
import io.camure.protocol.base.Format;
import io.camure.runtime.SessionDriver;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The waits of callers at one side of a group, or of a caller that is to get in. Of those that take long the log tells, once for all
 * of them.
 */
public final class LongWaits {

    /** Under the name that users know. */
    private static final Logger log = LoggerFactory.getLogger(Group.class);

    private final SessionDriver driver;

    /** Guarded by the driver's lock, as the next one. */
    private final Reminders reminders = new Reminders(0);

    /** How many callers have waited for long. */
    private int waiting;

    /**
     * What the log tells.
     *
     * @param level warns of what holds others up, too
     * @param who waits, such as a group
     * @param what is waited for, and what is missing
     */
    public record Notice(Level level, Object who, String what) {

        public static Notice info(Object who, String what) {
            return new Notice(Level.INFO, who, what);
        }

        /** Such as {@code hub: barrier prices: has waited 5s for round 0: there is no member}. */
        void log(long waitedNanos) {
            log.atLevel(level).log("{}: has waited {} for {}", who, Format.duration(waitedNanos), what);
        }
    }

    public LongWaits(SessionDriver driver) {
        this.driver = driver;
    }

    /** As {@link SessionDriver#await}. */
    public void await(BooleanSupplier condition, long deadlineNanos, Supplier<Notice> notice)
            throws InterruptedException {
        driver.enter();
        try {
            awaitEntered(condition, driver.nowNanos(), deadlineNanos, notice);
        } finally {
            driver.leave();
        }
    }

    /** As {@link SessionDriver#awaitEntered(BooleanSupplier, long)}; see the next one. */
    public SessionDriver.Outcome awaitEntered(
            BooleanSupplier condition, long sinceNanos, long deadlineNanos, Supplier<Notice> notice)
            throws InterruptedException {
        return awaitEntered(condition, sinceNanos, deadlineNanos, false, notice);
    }

    /**
     * As {@link SessionDriver#awaitEntered(BooleanSupplier, long, boolean)}.
     *
     * @param sinceNanos since when it is waited for, be it by this call or one before
     * @param notice what to tell; called under the driver's lock
     */
    public SessionDriver.Outcome awaitEntered(
            BooleanSupplier condition, long sinceNanos, long deadlineNanos, boolean forStream, Supplier<Notice> notice)
            throws InterruptedException {
        long firstNanos = Math.min(deadlineNanos, firstReminderNanos(sinceNanos));
        SessionDriver.Outcome outcome = driver.awaitEntered(condition, firstNanos, forStream);
        return outcome == SessionDriver.Outcome.TIMED_OUT && firstNanos < deadlineNanos
                ? awaitLong(condition, sinceNanos, deadlineNanos, forStream, notice)
                : outcome;
    }

    private SessionDriver.Outcome awaitLong(
            BooleanSupplier condition, long sinceNanos, long deadlineNanos, boolean forStream, Supplier<Notice> notice)
            throws InterruptedException {
        waiting++;
        try {
            while (true) {
                long untilNanos = Math.min(deadlineNanos, remind(sinceNanos, driver.nowNanos(), notice));
                SessionDriver.Outcome outcome = driver.awaitEntered(condition, untilNanos, forStream);
                if (outcome != SessionDriver.Outcome.TIMED_OUT || untilNanos == deadlineNanos) {
                    return outcome;
                }
            }
        } finally {
            waiting--;
        }
    }

    /** When to {@link #remind} first. */
    public static long firstReminderNanos(long sinceNanos) {
        return sinceNanos + Reminders.FIRST_NANOS;
    }

    /**
     * Tells of a wait if it is time to. Called under the driver's lock.
     *
     * @return when to call again
     */
    public long remind(long sinceNanos, long nowNanos, Supplier<Notice> notice) {
        if (waiting <= 1 && !reminders.areSince(sinceNanos)) {
            reminders.restart(sinceNanos);
        }
        if (reminders.take(nowNanos)) {
            notice.get().log(nowNanos - sinceNanos);
        }
        return reminders.dueNanos();
    }
}
