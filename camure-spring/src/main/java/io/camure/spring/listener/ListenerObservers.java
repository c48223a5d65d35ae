package io.camure.spring.listener;

import io.camure.spring.kind.Around;
import io.camure.spring.session.GroupBinding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/** Those who want to know what listeners do. They are told of listeners that were there before them, too. */
public final class ListenerObservers {

    private final List<Observer> observers = new CopyOnWriteArrayList<>();

    /** Their groups, by their ids. */
    private final Map<String, String> listeners = new ConcurrentHashMap<>();

    private volatile @Nullable Observation observation;

    /** Is told what listeners do, by their threads. */
    public interface Observer {

        /** There is a listener to this group. */
        void onListener(String group, String listener);

        /** A listener was given a message; {@code failure} is what it has thrown. */
        void onHandled(String group, String listener, Duration duration, @Nullable Throwable failure);
    }

    /** Says what is around the calls of a listener. */
    public interface Observation {
        Around of(GroupBinding group, String listenerId, Message<?> message);
    }

    /** Has calls from now on made in it. */
    public void observeBy(Observation by) {
        observation = by;
    }

    @Nullable
    Object call(GroupBinding group, String listenerId, Message<?> message, Around.Call call) throws Throwable {
        Observation by = observation;
        return by == null ? call.proceed() : by.of(group, listenerId, message).call(call);
    }

    public synchronized void add(Observer observer) {
        listeners.forEach((listener, group) -> observer.onListener(group, listener));
        observers.add(observer);
    }

    synchronized void onListener(String group, String listener) {
        listeners.put(listener, group);
        observers.forEach(observer -> observer.onListener(group, listener));
    }

    /** What its listener still has to do is not observed any more, or it would never be forgotten. */
    void onRemoved(String listener) {
        listeners.remove(listener);
    }

    void onHandled(String group, String listener, Duration duration, @Nullable Throwable failure) {
        if (!listeners.containsKey(listener)) {
            return;
        }
        observers.forEach(observer -> observer.onHandled(group, listener, duration, failure));
    }
}
