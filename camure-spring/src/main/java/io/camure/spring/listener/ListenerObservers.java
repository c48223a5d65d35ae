package io.camure.spring.listener;

import io.camure.spring.kind.Around;
import io.camure.spring.session.GroupBinding;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Those who want to know what listeners do. They are told of listeners that were there before them, too. */
public final class ListenerObservers {

    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Set<String> groups = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Observation observation;

    /** Is told what listeners do, by their threads. */
    public interface Observer {

        /** There is a listener to this group. */
        void onListener(String group);

        /** A listener was given a message; {@code failure} is what it has thrown. */
        void onHandled(String group, Duration duration, @Nullable Throwable failure);
    }

    /** Says what is around the calls of a listener. */
    public interface Observation {
        Around of(GroupBinding group, String listenerId);
    }

    /** Has calls from now on made in it. */
    public void observeBy(Observation by) {
        observation = by;
    }

    @Nullable
    Object call(GroupBinding group, String listenerId, Around.Call call) throws Throwable {
        Observation by = observation;
        return by == null ? call.proceed() : by.of(group, listenerId).call(call);
    }

    public synchronized void add(Observer observer) {
        groups.forEach(observer::onListener);
        observers.add(observer);
    }

    synchronized void onListener(String group) {
        groups.add(group);
        observers.forEach(observer -> observer.onListener(group));
    }

    /** What its listener still has to do is not observed any more, or it would never be forgotten. */
    void onRemoved(String group) {
        groups.remove(group);
    }

    void onHandled(String group, Duration duration, @Nullable Throwable failure) {
        if (!groups.contains(group)) {
            return;
        }
        observers.forEach(observer -> observer.onHandled(group, duration, failure));
    }
}
