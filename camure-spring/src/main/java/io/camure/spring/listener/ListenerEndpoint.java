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
    private final ListenerMessage.Factory messages;
    private final ListenerThread thread;
    private final @Nullable ListenerQueue queue;

    ListenerEndpoint(
            GroupBinding group,
            ListenerSettings settings,
            ListenerMethod listener,
            ListenerMessage.Factory messages,
            ListenerObservers observers,
            boolean virtualThread) {
        this.group = group;
        this.settings = settings;
        this.listener = listener;
        this.messages = messages;
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
        if (group.isLeft()) {
            group.comeBack();
            try {
                group.session().open(group.name());
            } catch (CamureException e) {
                group.leave();
                log.error("{}: {} could not join its group again and was stopped", group, listener, e);
                stop();
                publish(e);
            } catch (InterruptedException e) {
                group.leave();
                throw e;
            }
        }
    }

    @Override
    public void onMessage(BroadcastReceiver receiver, Message message) throws InterruptedException {
        ListenerMessage received = messages.read(receiver, message);
        if (queue == null) {
            handle(received);
        } else if (!queue.put(received)) {
            ListenerQueueFullException full = new ListenerQueueFullException(group + ": the queue of " + listener
                    + " is full with " + settings.queueCapacity() + " messages, so this member has left the group");
            group.leave();
            // Before whoever is told can start it again.
            stop();
            onFailure(received, full, 0);
        }
    }

    @Override
    public void onBroken(Throwable why) {
        log.error("{}: {} could not take messages any more and was stopped", group, listener, why);
        stop();
        publish(why);
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
        long nanos = System.nanoTime() - startNanos;
        if (failure != null) {
            onFailure(received, failure, nanos);
        } else if (called) {
            observe(nanos, null);
        }
    }

    /** Each is told, whatever the others make of it. */
    private void onFailure(ListenerMessage received, Throwable failure, long nanos) {
        observe(nanos, failure);
        CamureListenerErrorHandler errorHandler = settings.errorHandler();
        if (errorHandler == null || failure instanceof ListenerQueueFullException) {
            log.error(
                    "{}: {} failed on a message{}",
                    group,
                    listener,
                    isRunning() ? " and goes on with the next one" : "",
                    failure);
        }
        if (errorHandler != null) {
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

    private void observe(long nanos, @Nullable Throwable failure) {
        try {
            observers.onHandled(group.name(), Duration.ofNanos(nanos), failure);
        } catch (Throwable e) {
            log.error("{}: what {} has done could not be measured", group, listener, e);
        }
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
