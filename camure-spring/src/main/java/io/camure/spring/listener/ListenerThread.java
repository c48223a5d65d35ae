package io.camure.spring.listener;

import io.camure.BroadcastReceiver;
import io.camure.CamureException;
import io.camure.Message;
import io.camure.spring.session.GroupBinding;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the messages of a group, one after the other. Outlives a group that is lost or not joined yet: it
 * waits until there is one. Its thread keeps the application alive, as there is something to be done.
 */
final class ListenerThread {

    private static final Duration UNTIL_INTERRUPTED = Duration.ofDays(365);

    private static final Logger log = LoggerFactory.getLogger(ListenerThread.class);

    private final GroupBinding group;
    private final String name;
    private final Reader reader;

    /** The rest is guarded by this. */
    private @Nullable Thread thread;

    private CompletableFuture<Void> end = CompletableFuture.completedFuture(null);
    private boolean stopping;
    private boolean handling;

    /** What is done by this thread. */
    interface Reader {

        /** It is about to wait for a group. */
        void onReading() throws InterruptedException;

        /** There is a message. */
        void onMessage(BroadcastReceiver receiver, Message message) throws InterruptedException;

        /** Messages could not be taken for a reason that will not go away by itself. */
        void onBroken(Throwable why);
    }

    ListenerThread(GroupBinding group, String name, Reader reader) {
        this.group = group;
        this.name = name;
        this.reader = reader;
    }

    synchronized boolean isRunning() {
        return thread != null && !stopping;
    }

    synchronized void start() {
        stopping = false;
        if (thread == null) {
            end = new CompletableFuture<>();
            Thread starting = new Thread(this::run, name);
            starting.setDaemon(false);
            thread = starting;
            starting.start();
        }
    }

    /**
     * Has it end after the message that is being handled.
     *
     * @return when that is done; at once for a listener that stops its own application, which would wait for itself
     */
    synchronized CompletableFuture<Void> stop() {
        stopping = true;
        if (!handling) {
            interrupt();
        }
        return thread == Thread.currentThread() ? CompletableFuture.completedFuture(null) : end;
    }

    synchronized void interrupt() {
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    private void run() {
        GroupBinding.Usable over = null;
        while (!endIfStopping()) {
            try {
                reader.onReading();
                if (!isStopping()) {
                    GroupBinding.Usable now = group.awaitUsable(over);
                    receiveAll((BroadcastReceiver) now.group());
                    over = now;
                }
            } catch (InterruptedException e) {
                log.trace("{}: interrupted, by stop() or by the listener itself", group);
            } catch (RuntimeException | Error e) {
                reader.onBroken(e);
            }
        }
    }

    /** One step, so that a start that follows finds this thread either gone or going on. */
    private boolean endIfStopping() {
        CompletableFuture<Void> ended;
        synchronized (this) {
            if (!stopping) {
                return false;
            }
            thread = null;
            ended = end;
        }
        ended.complete(null);
        return true;
    }

    private void receiveAll(BroadcastReceiver receiver) throws InterruptedException {
        while (!isStopping()) {
            Optional<Message> message;
            try {
                message = receiver.receive(UNTIL_INTERRUPTED);
            } catch (CamureException e) {
                log.info("{}: no more messages: {}", group, e.getMessage());
                return;
            }
            if (message.isPresent()) {
                handle(receiver, message.get());
            }
        }
    }

    /** Also when it has to stop meanwhile: what was taken is not given to anybody else. */
    private void handle(BroadcastReceiver receiver, Message message) throws InterruptedException {
        beginHandling();
        try {
            reader.onMessage(receiver, message);
        } catch (RuntimeException | Error e) {
            log.error("{}: a message could not be handled", group, e);
        } finally {
            endHandling();
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void beginHandling() {
        handling = true;
        // It was meant for the wait that is over.
        Thread.interrupted();
    }

    private synchronized void endHandling() {
        handling = false;
    }
}
