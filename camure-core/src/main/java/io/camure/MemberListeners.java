package io.camure;

import io.camure.runtime.EventDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Whoever wants to know what a member loses and regains; told in order, on the dispatcher's thread. Thread-safe. */
final class MemberListeners {

    private final List<MemberListener> listeners = new CopyOnWriteArrayList<>();
    private final EventDispatcher dispatcher;

    MemberListeners(EventDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void add(MemberListener listener) {
        listeners.add(listener);
    }

    void tellCoordinatorLost(CamureException why) {
        tell(listener -> listener.coordinatorLost(why));
    }

    void tellCoordinatorRegained(Duration outage) {
        tell(listener -> listener.coordinatorRegained(outage));
    }

    void tellGroupLost(int group, CamureException why) {
        tell(listener -> listener.groupLost(group, why));
    }

    void tellGroupRegained(int group, Duration outage) {
        tell(listener -> listener.groupRegained(group, outage));
    }

    private void tell(Consumer<MemberListener> notification) {
        listeners.forEach(listener -> dispatcher.execute(() -> notification.accept(listener)));
    }
}
