package io.camure.spring.listener;

import io.camure.BroadcastReceiver;
import io.camure.CamureException;
import io.camure.Message;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.ListenerQueueFullException;
import io.camure.spring.kind.SessionContext;
import io.camure.spring.session.GroupBinding;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener and what calls it: the thread that reads from the group, or a queue between the two. Virtual threads always have
 * a queue before them, since whoever reads may drive the session, for which it needs a thread of the system.
 */
final class ListenerEndpoint implements CamureListenerEndpoint, ListenerThread.Reader {

    private static final Logger log = LoggerFactory.getLogger(ListenerEndpoint.class);

    private final GroupBinding group;
    private final ListenerSettings settings;
    private final ListenerMethod listener;
    private final ListenerObservers observers;
    private final ListenerThread thread;
    private final @Nullable ListenerQueue queue;

    /** The group was left for this listener, until that is started again. For the thread that reads, which may be a new one. */
    private volatile boolean left;

    ListenerEndpoint(
            GroupBinding group,
            ListenerSettings settings,
            ListenerMethod listener,
            ListenerObservers observers,
            boolean virtualThread) {
        this.group = group;
        this.settings = settings;
        this.listener = listener;
        this.observers = observers;
        String name = "camure-" + group.session().name() + "-" + group.name();
        thread = new ListenerThread(group, name, this);
        queue = settings.queueCapacity() > 0 || virtualThread
                ? new ListenerQueue(
                        name + "-listener",
                        virtualThread,
                        Math.max(1, settings.queueCapacity()),
                        settings.onFull(),
                        this::handle)
                : null;
    }

    boolean isAutoStartup() {
        return settings.autoStartup();
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public String group() {
        return group.name();
    }

    @Override
    public boolean isRunning() {
        return thread.isRunning();
    }

    @Override
    public void start() {
        if (queue != null) {
            queue.start();
        }
        thread.start();
    }

    @Override
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> read = thread.stop();
        return queue == null ? read : queue.stopAfter(read);
    }

    /** Does not let it finish what it has to do. */
    void abandon() {
        thread.interrupt();
        if (queue != null) {
            queue.abandon();
        }
    }

    @Override
    public int queueSize() {
        return queue == null ? 0 : queue.size();
    }

    @Override
    public int queueCapacity() {
        return settings.queueCapacity();
    }

    @Override
    public long dropped() {
        return queue == null ? 0 : queue.dropped();
    }

    @Override
    public void onReading() throws InterruptedException {
        if (left) {
            left = false;
            group.comeBack();
            try {
                group.session().open(group.name());
            } catch (CamureException e) {
                leave();
                log.error("{}: {} could not join its group again and was stopped", group, listener, e);
                stop();
                publish(e);
            } catch (InterruptedException e) {
                leave();
                throw e;
            }
        }
    }

    @Override
    public void onMessage(BroadcastReceiver receiver, Message message) throws InterruptedException {
        ListenerMessage received = read(receiver, message);
        if (queue == null) {
            handle(received);
        } else if (!queue.put(received)) {
            ListenerQueueFullException full = new ListenerQueueFullException(group + ": the queue of " + listener
                    + " is full with " + settings.queueCapacity() + " messages, so this member has left the group");
            log.error("{}", full.getMessage());
            leave();
            // Before whoever is told can start it again.
            stop();
            publish(full);
        }
    }

    private void leave() {
        left = true;
        group.leave();
    }

    private ListenerMessage read(BroadcastReceiver receiver, Message message) {
        if (listener.isStreaming()) {
            return ListenerMessage.of(group, receiver, message, null);
        }
        try {
            return ListenerMessage.of(group, receiver, message.bytes(), null);
        } catch (IOException | RuntimeException e) {
            return ListenerMessage.of(group, receiver, message, e);
        }
    }

    private void handle(ListenerMessage received) {
        long startNanos = System.nanoTime();
        Throwable failure = received.failure();
        boolean called = true;
        if (failure == null) {
            try {
                called = Boolean.TRUE.equals(observers.call(group, id(), () -> listener.handle(received.message())));
            } catch (Throwable e) {
                failure = e;
            }
        }
        if (called) {
            observers.onHandled(group.name(), Duration.ofNanos(System.nanoTime() - startNanos), failure);
        }
        if (failure != null) {
            onFailure(received, failure);
        }
    }

    private void onFailure(ListenerMessage received, Throwable failure) {
        CamureListenerErrorHandler errorHandler = settings.errorHandler();
        if (errorHandler == null) {
            log.error("{}: {} failed on a message and goes on with the next one", group, listener, failure);
        } else {
            try {
                errorHandler.handleError(this, received.message(), failure);
            } catch (Throwable e) {
                if (e != failure) {
                    e.addSuppressed(failure);
                }
                log.error("{}: the error handler of {} failed", group, listener, e);
            }
        }
        publish(failure);
    }

    private void publish(Throwable failure) {
        SessionContext session = group.session();
        session.publish(new ListenerFailedEvent(session.sessionName(), session.name(), group.name(), id(), failure));
    }

    /** As errors call it. */
    @Override
    public String toString() {
        return listener.toString();
    }
}
