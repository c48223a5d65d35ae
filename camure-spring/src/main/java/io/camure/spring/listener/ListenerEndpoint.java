package io.camure.spring.listener;

import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.ListenerQueueFullException;
import io.camure.spring.callback.RepeatedWarning;
import io.camure.spring.kind.Role;
import io.camure.spring.kind.SessionContext;
import io.camure.spring.session.GroupBinding;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener and what calls it: the thread that reads from the group, or a queue between the two. Virtual threads always have
 * a queue before them, since whoever reads may drive the session, for which it needs a thread of the system.
 */
final class ListenerEndpoint implements CamureListenerEndpoint, GroupReader.Listener {

    private static final Logger log = LoggerFactory.getLogger(ListenerEndpoint.class);

    private final GroupBinding group;
    private final ListenerSettings settings;
    private final ListenerMethod listener;
    private final ListenerObservers observers;
    private final GroupReader reader;
    private final boolean virtualThread;
    private final ListenerFailures failures = new ListenerFailures(this::tellFailed);
    private final ListenerFailures handlerFailures = new ListenerFailures(this::tellHandlerFailed);
    private final RepeatedWarning drops = new RepeatedWarning((times, why) -> tellDropped(times));

    /** Changed with the reader locked. */
    private volatile @Nullable ListenerQueue queue;

    private volatile boolean running;

    /** It is not waited for any more, since the application closes. */
    private volatile boolean abandoned;

    ListenerEndpoint(
            GroupReader reader,
            ListenerSettings settings,
            ListenerMethod listener,
            ListenerObservers observers,
            boolean virtualThread) {
        this.reader = reader;
        this.settings = settings;
        this.listener = listener;
        this.observers = observers;
        this.virtualThread = virtualThread;
        group = reader.group();
        queue = settings.queueCapacity() > 0 || virtualThread ? newQueue() : null;
    }

    private ListenerQueue newQueue() {
        return new ListenerQueue(
                "camure-" + group.session().name() + "-" + id() + "-listener",
                virtualThread,
                Math.max(1, settings.queueCapacity()),
                settings.onFull(),
                this::handle,
                () -> drops.add(null));
    }

    private void tellDropped(long times) {
        String what = times == 1 ? "a message was" : times + " messages were";
        if (settings.onFull() == OnFull.LATEST) {
            log.info("{}: {} is slower than messages come, so {} passed over for newer ones", group, listener, what);
        } else {
            log.warn(
                    "{}: {} is slower than messages come, so {} dropped: its queue of {} is full. Raise its queueCapacity, or"
                            + " have it take less time.",
                    group,
                    listener,
                    what,
                    settings.queueCapacity());
        }
    }

    /** Has it given messages while it is running. */
    void attach() {
        reader.add(this);
    }

    /** Gives it a thread of its own. */
    @Override
    public void share() {
        synchronized (reader) {
            if (queue == null) {
                ListenerQueue own = newQueue();
                if (running) {
                    own.start();
                }
                queue = own;
            }
        }
    }

    @Override
    public boolean isStreaming() {
        return listener.isStreaming();
    }

    /** Whether its settings say what becomes of the group, which others may listen to as well. */
    boolean isFor(OnFull onFull) {
        return settings.onFull() == onFull;
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
        return running;
    }

    @Override
    public void start() {
        synchronized (reader) {
            abandoned = false;
            ListenerQueue own = queue;
            if (own != null) {
                own.start();
            }
            running = true;
            reader.start();
        }
    }

    @Override
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> read;
        synchronized (reader) {
            running = false;
            read = reader.stop(this);
        }
        ListenerQueue own = queue;
        return own == null ? read : own.stopAfter(read);
    }

    /** Does not let it finish what it has to do. */
    void abandon() {
        drops.tell();
        abandoned = true;
        reader.interrupt();
        ListenerQueue own = queue;
        if (own != null) {
            own.abandon();
        }
    }

    @Override
    public int queueSize() {
        ListenerQueue own = queue;
        return own == null ? 0 : own.size();
    }

    @Override
    public int queueCapacity() {
        return settings.queueCapacity();
    }

    @Override
    public long dropped() {
        ListenerQueue own = queue;
        return own == null ? 0 : own.dropped();
    }

    @Override
    public long dropped(DropReason reason) {
        ListenerQueue own = queue;
        return own == null ? 0 : own.dropped(reason);
    }

    @Override
    public void take(ListenerMessage received) throws InterruptedException {
        if (!hasRole()) {
            return;
        }
        ListenerQueue own = queue;
        if (own == null) {
            handle(received);
        } else if (!own.put(received)) {
            ListenerQueueFullException full = new ListenerQueueFullException(group + ": the queue of " + listener
                    + " is full with " + settings.queueCapacity() + " messages, so this member has left the group");
            reader.leave();
            // Before whoever is told can start it again.
            stop();
            onFailure(received, full, 0);
        }
    }

    private boolean hasRole() {
        SessionContext session = group.session();
        return settings.role() == null
                || !session.isElected()
                || session.isCoordinator() == (settings.role() == Role.COORDINATOR);
    }

    @Override
    public void onBroken(Throwable why) {
        stop();
        publish(why);
    }

    private void handle(ListenerMessage received) {
        long startNanos = System.nanoTime();
        Throwable failure = received.failure();
        boolean called = true;
        if (failure == null) {
            try {
                called = Boolean.TRUE.equals(
                        observers.call(group, id(), received.message(), () -> listener.handle(received.message())));
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
        if (abandoned && errorHandler == null && isInterrupt(failure)) {
            log.warn(
                    "{}: {} had not finished a message when the application closed: {}",
                    group,
                    listener,
                    failure.toString());
        } else if (errorHandler == null || failure instanceof ListenerQueueFullException) {
            failures.add(failure);
        }
        if (errorHandler != null) {
            try {
                errorHandler.handleError(this, received.message(), failure);
            } catch (Throwable e) {
                if (e != failure) {
                    e.addSuppressed(failure);
                }
                handlerFailures.add(e);
            }
        }
        publish(failure);
    }

    private void tellFailed(long times, @Nullable Throwable latest) {
        log.error(
                "{}: {} failed on {}{}",
                group,
                listener,
                times == 1 ? "a message" : times + " messages since that was last logged, the last time by this",
                isRunning() ? " and goes on with the next one" : "",
                latest);
    }

    private void tellHandlerFailed(long times, @Nullable Throwable latest) {
        log.error(
                "{}: the error handler of {} failed{}",
                group,
                listener,
                times == 1 ? "" : " " + times + " times since that was last logged, the last time by this",
                latest);
    }

    private static boolean isInterrupt(Throwable failure) {
        Throwable cause = failure;
        while (cause != null
                && !(cause instanceof InterruptedException)
                && !(cause instanceof InterruptedIOException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private void observe(long nanos, @Nullable Throwable failure) {
        try {
            observers.onHandled(group.name(), id(), Duration.ofNanos(nanos), failure);
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
