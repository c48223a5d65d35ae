package io.camure.spring.listener;

import io.camure.BroadcastReceiver;
import io.camure.CamureException;
import io.camure.Message;
import io.camure.spring.session.GroupBinding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the messages of a group for all its listeners, while one of them is running. */
final class GroupReader implements ListenerThread.Reader {

    private static final Logger log = LoggerFactory.getLogger(GroupReader.class);

    private final GroupBinding group;
    private final ListenerMessage.Factory messages;
    private final ListenerThread thread;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** What was taken is for whoever was the last one to stop. */
    private volatile @Nullable Listener lastToStop;

    /** The group was left for a listener, until that is started again. */
    private volatile boolean left;

    /** Who is given messages; {@code toString()} is for logs. */
    interface Listener {

        boolean isRunning();

        /** Whether it reads messages itself, while they arrive. */
        boolean isStreaming();

        /** It is not the only one any more. */
        void share();

        void take(ListenerMessage message) throws InterruptedException;

        /** It is to stop, since there will be no messages. */
        void onBroken(Throwable why);
    }

    GroupReader(GroupBinding group, ListenerMessage.Factory messages) {
        this.group = group;
        this.messages = messages;
        thread = new ListenerThread(group, "camure-" + group.session().name() + "-" + group.name(), this);
    }

    GroupBinding group() {
        return group;
    }

    /** Those that share a group don't wait for one another. */
    void add(Listener listener) {
        listeners.add(listener);
        if (listeners.size() > 1) {
            listeners.forEach(Listener::share);
        }
    }

    /** To be called with this locked. */
    void start() {
        thread.start();
    }

    /**
     * To be called with this locked.
     *
     * @return when no message is on its way to the listener any more
     */
    CompletableFuture<Void> stop(Listener stopped) {
        if (listeners.stream().anyMatch(Listener::isRunning)) {
            return CompletableFuture.completedFuture(null);
        }
        lastToStop = stopped;
        return thread.stop();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Has this node leave the group until a listener is started again. */
    void leave() {
        left = true;
        group.leave();
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
                stopAll("could not join its group again", e);
            } catch (InterruptedException e) {
                leave();
                throw e;
            }
        }
    }

    @Override
    public void onMessage(BroadcastReceiver receiver, Message message) throws InterruptedException {
        List<Listener> taking = listeners.stream().filter(Listener::isRunning).toList();
        Listener last = lastToStop;
        if (taking.isEmpty() && last != null) {
            taking = List.of(last);
        }
        boolean streaming = taking.size() == 1 && taking.get(0).isStreaming();
        ListenerMessage received = messages.read(receiver, message, streaming);
        for (Listener listener : taking) {
            listener.take(taking.size() == 1 ? received : received.copy());
        }
    }

    @Override
    public void onBroken(Throwable why) {
        stopAll("could not take messages any more", why);
    }

    private void stopAll(String what, Throwable why) {
        for (Listener listener : listeners) {
            if (listener.isRunning()) {
                log.error("{}: {} {} and was stopped", group, listener, what, why);
                listener.onBroken(why);
            }
        }
    }
}
