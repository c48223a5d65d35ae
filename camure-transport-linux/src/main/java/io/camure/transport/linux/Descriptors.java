package io.camure.transport.linux;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds file descriptors open while calls use them: a closed one's number is given to the next file that anybody opens, and
 * a call that is late would read from that.
 */
final class Descriptors {

    private static final int CLOSED = Integer.MIN_VALUE;
    private static final long RELEASE_CHECK_NANOS = 50_000;

    /** How many calls are in progress; with {@link #CLOSED} added no further one begins. */
    private final AtomicInteger state = new AtomicInteger();

    /** @return whether the descriptors may be used, until {@link #leave}; {@code false} after they were closed */
    boolean enter() {
        int users = state.get();
        while (users >= 0) {
            if (state.compareAndSet(users, users + 1)) {
                return true;
            }
            users = state.get();
        }
        return false;
    }

    void leave() {
        state.decrementAndGet();
    }

    boolean isClosed() {
        return state.get() < 0;
    }

    /** @return whether this is the first call; whoever made it closes the descriptors after {@link #awaitUnused} */
    boolean close() {
        return state.getAndUpdate(users -> users | CLOSED) >= 0;
    }

    /** Waits until the last call has ended, which takes no longer than a wait that was woken up needs to return. */
    void awaitUnused() {
        while (state.get() != CLOSED) {
            // An interrupted thread would not park; it waits just the same, as nothing else can end this.
            if (Thread.currentThread().isInterrupted()) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, RELEASE_CHECK_NANOS);
            }
        }
    }
}
