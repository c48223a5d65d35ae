package io.camure.runtime;

/** Something that is looked at after each change, under the session's lock, until it says that it is done. */
public interface Watcher {

    /** @return whether it is done */
    boolean check(long nowNanos);

    /** When it wants to be looked at though nothing has changed. */
    long deadlineNanos();
}
