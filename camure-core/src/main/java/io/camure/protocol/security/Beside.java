package io.camure.protocol.security;

import java.util.function.LongConsumer;

/**
 * Does what takes too long for a turn, such as signatures of handshakes, and what runs code of users: on other threads, without
 * the lock of the session.
 */
@FunctionalInterface
public interface Beside {

    /**
     * Has something done, soon and never during this call.
     *
     * @param work touches nothing of the session
     * @param then takes the time behind it as part of the session, under its lock; not called once that has ended
     * @return whether it will be done: there is room for so much at a time
     */
    boolean submit(Runnable work, LongConsumer then);
}
