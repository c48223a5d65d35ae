package io.camure.node.group;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread at a time changes, under the driver's lock, and any thread reads without waiting. */
public final class Counter {

    private final AtomicLong value;

    public Counter(long initial) {
        value = new AtomicLong(initial);
    }

    public void add(long amount) {
        value.setRelease(value.getPlain() + amount);
    }

    public void set(long newValue) {
        value.setRelease(newValue);
    }

    public long get() {
        return value.getAcquire();
    }
}
