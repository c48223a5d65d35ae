package io.camure;

/**
 * The right to coordinate, as whoever has elected a coordinator gives it for a while at a time. When it ends, the coordinator
 * stops by itself, at once and for good: another one may have been elected.
 *
 * <p>A lease that is asked of a database or a service lasts for less than that keeps it, from when it was asked for, and not from
 * when the answer came: {@code System.nanoTime()} before the request, and the time to live less a margin for clocks that run at
 * different speeds.
 */
@FunctionalInterface
public interface CoordinatorLease {

    /**
     * When it ends unless it is renewed meanwhile, as {@link System#nanoTime()} tells the time, or the clock of the network that
     * the coordinator is attached to; {@code Long.MAX_VALUE} for never. Called often, by threads that
     * must not wait. Never earlier than it was before.
     */
    long endNanoTime();
}
