package io.camure.node.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest term of all coordinators that a node was in a session of: it joins none of a lower term, since that coordinator
 * was replaced, whether it knows that or not. Thread-safe.
 */
public final class HighestTerm {

    private final AtomicLong term = new AtomicLong();

    /** 0 while none has told one. */
    long get() {
        return term.get();
    }

    void onJoined(long joined) {
        term.accumulateAndGet(joined, Math::max);
    }
}
