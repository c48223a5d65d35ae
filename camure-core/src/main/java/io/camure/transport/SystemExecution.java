package io.camure.transport;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.SecureRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The threads, the clock and the randomness of this Java virtual machine. */
public final class SystemExecution implements Execution {

    private static final SystemExecution INSTANCE = new SystemExecution();

    /** {@code Thread.isVirtual}, or {@code null} before Java 21. */
    private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

    private SystemExecution() {}

    /** The only one that there is. */
    public static Execution instance() {
        return INSTANCE;
    }

    private static @Nullable MethodHandle findIsVirtual() {
        // In Java 19 and 20 there are virtual threads only when asked for as a preview, and the method then throws
        // without.
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void park(Object blocker) {
        LockSupport.park(blocker);
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    @Override
    public void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }

    @Override
    public Thread newThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void join(Thread thread) throws InterruptedException {
        thread.join();
    }

    @Override
    public boolean isVirtual(Thread thread) {
        MethodHandle handle = IS_VIRTUAL;
        if (handle == null) {
            return false;
        }
        try {
            return (boolean) handle.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public RandomGenerator newRandom() {
        return new SecureRandom();
    }
}
