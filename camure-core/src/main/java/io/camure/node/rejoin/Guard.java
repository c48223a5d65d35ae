package io.camure.node.rejoin;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A lock, and what is done with it held. */
final class Guard {

    private final ReentrantLock lock = new ReentrantLock();

    <T> T get(Supplier<T> query) {
        lock.lock();
        try {
            return query.get();
        } finally {
            lock.unlock();
        }
    }

    void run(Runnable command) {
        lock.lock();
        try {
            command.run();
        } finally {
            lock.unlock();
        }
    }
}
