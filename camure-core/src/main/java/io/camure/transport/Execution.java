package io.camure.transport;

import java.util.random.RandomGenerator;

/**
 * What the threads of a node run on: a clock, the parking of threads, and new threads. It is the system's, unless the
 * {@link PortProvider} of the node brings another one, as a simulation of whole nodes does: with it, such a simulation
 * decides which thread runs next and how time passes. It then needs ports whose {@link DatagramPort#awaitDatagram} and
 * {@link DatagramPort#poll} let time pass as well. A node never parks a thread while it holds a lock that another one of its
 * threads may want. Thread-safe.
 */
public interface Execution {

    /** A time in nanoseconds, of which only the differences mean anything; as {@link System#nanoTime}. */
    long nanoTime();

    /** Parks the calling thread as {@link java.util.concurrent.locks.LockSupport#park(Object)} does. */
    void park(Object blocker);

    /**
     * Parks it for a time at most, as {@link java.util.concurrent.locks.LockSupport#parkNanos(Object, long)} does.
     *
     * @param nanos nothing is waited for at zero or less
     */
    void parkNanos(Object blocker, long nanos);

    /** Lets a thread go on, now or when it parks next, as {@link java.util.concurrent.locks.LockSupport#unpark} does. */
    void unpark(Thread thread);

    /** A daemon thread that was not started. */
    Thread newThread(String name, Runnable task);

    /** Waits until a thread has ended. */
    void join(Thread thread) throws InterruptedException;

    /** Whether a thread shares the processor's threads with others, and so must not wait in a system call. */
    boolean isVirtual(Thread thread);

    /** A source of numbers that nobody can guess; in a simulation, one that repeats itself. */
    RandomGenerator newRandom();
}
