package io.camure;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread at a time changes, under the driver's lock, and any thread reads without waiting. */
final class Counter {

    private final AtomicLong value;

    Counter(long initial) {
        value = new AtomicLong(initial);
    }

    void add(long amount) {
        value.setRelease(value.getPlain() + amount);
    }

    void set(long newValue) {
        value.setRelease(newValue);
    }

    long get() {
        return value.getAcquire();
    }
}
