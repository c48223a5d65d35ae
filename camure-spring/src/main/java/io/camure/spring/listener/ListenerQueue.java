package io.camure.spring.listener;

import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerEndpoint.DropReason;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Messages that wait for their listener, and the thread that gives them to it, one after the other. */
final class ListenerQueue {

    private static final Logger log = LoggerFactory.getLogger(ListenerQueue.class);

    private final String name;
    private final boolean virtualThread;
    private final int capacity;
    private final OnFull onFull;
    private final Consumer<ListenerMessage> handler;
    private final Runnable onDropped;

    /** Not a monitor, which virtual threads could not wait for without keeping a thread of the system. Guards the rest. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Queue<ListenerMessage> messages = new ArrayDeque<>();
    private @Nullable Thread thread;
    private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);
    private boolean stopping;
    private int starts;
    private final long[] dropped = new long[DropReason.values().length];

    /** @param onDropped told of each message that is dropped because the queue is full */
    ListenerQueue(
            String name,
            boolean virtualThread,
            int capacity,
            OnFull onFull,
            Consumer<ListenerMessage> handler,
            Runnable onDropped) {
        this.name = name;
        this.virtualThread = virtualThread;
        this.capacity = capacity;
        this.onFull = onFull;
        this.handler = handler;
        this.onDropped = onDropped;
    }

    void start() {
        lock.lock();
        try {
            stopping = false;
            starts++;
            if (thread == null) {
                end = new CompletableFuture<>();
                Thread starting = virtualThread
                        ? new VirtualThreadTaskExecutor()
                                .getVirtualThreadFactory()
                                .newThread(this::run)
                        : new Thread(this::run);
                starting.setName(name);
                thread = starting;
                starting.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @return whether it was taken, or one was dropped as it has to be */
    boolean put(ListenerMessage message) throws InterruptedException {
        boolean dropping;
        lock.lockInterruptibly();
        try {
            while (onFull == OnFull.WAIT && isFull()) {
                awaitRoom();
            }
            dropping = isFull();
            if (dropping && onFull == OnFull.FAIL) {
                return false;
            } else if (dropping) {
                count(onFull == OnFull.LATEST ? DropReason.SUPERSEDED : DropReason.FULL, 1);
            }
            if (dropping && onFull != OnFull.DROP_NEWEST) {
                messages.remove();
            }
            if (!isFull()) {
                messages.add(message);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (dropping) {
            onDropped.run();
        }
        return true;
    }

    private boolean isFull() {
        return messages.size() >= capacity;
    }

    /** Whoever is interrupted here has a message that nobody will get. */
    private void awaitRoom() throws InterruptedException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            count(DropReason.CLOSING, 1);
            throw e;
        }
    }

    private void count(DropReason reason, int messages) {
        dropped[reason.ordinal()] += messages;
    }

    private void run() {
        ListenerMessage message;
        while ((message = take()) != null) {
            try {
                handler.accept(message);
            } catch (RuntimeException | Error e) {
                log.error("{}: a message could not be handled", name, e);
            } finally {
                // What the listener has left behind is not meant for the next message.
                Thread.interrupted();
            }
        }
    }

    /** @return nothing when this thread has to end */
    private @Nullable ListenerMessage take() {
        lock.lock();
        try {
            while (messages.isEmpty()) {
                if (stopping) {
                    thread = null;
                    end.complete(null);
                    return null;
                }
                changed.awaitUninterruptibly();
            }
            changed.signalAll();
            return messages.remove();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has it end when its last message is handled, once nobody puts any more into it.
     *
     * @return when that is done; at once when called by the listener, which would wait for itself
     */
    CompletableFuture<Void> stopAfter(CompletableFuture<Void> reader) {
        int generation;
        boolean byListener;
        lock.lock();
        try {
            generation = starts;
            byListener = thread == Thread.currentThread();
        } finally {
            lock.unlock();
        }
        CompletableFuture<Void> ended = reader.thenCompose(nothing -> stop(generation));
        return byListener ? CompletableFuture.completedFuture(null) : ended;
    }

    private CompletableFuture<Void> stop(int generation) {
        lock.lock();
        try {
            if (starts == generation) {
                stopping = true;
                changed.signalAll();
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is left, and interrupts the listener. */
    void abandon() {
        lock.lock();
        try {
            count(DropReason.CLOSING, messages.size());
            messages.clear();
            stopping = true;
            changed.signalAll();
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return messages.size();
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return LongStream.of(dropped).sum();
        } finally {
            lock.unlock();
        }
    }

    long dropped(DropReason reason) {
        lock.lock();
        try {
            return dropped[reason.ordinal()];
        } finally {
            lock.unlock();
        }
    }
}
