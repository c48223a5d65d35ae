package io.camure.spring.method;

import reactor.core.scheduler.Schedulers;

/** Threads that must not wait, since they do the work of many: what Reactor knows as such. */
public final class EventLoops {

    private EventLoops() {}

    /** Whether this thread is one. */
    public static boolean isThisOne() {
        return Reactor.PRESENT && Known.isThisOne();
    }

    /** Apart, as Reactor may not be there. */
    private static final class Known {

        static boolean isThisOne() {
            return Schedulers.isInNonBlockingThread();
        }
    }
}
