package io.camure.node;

import io.camure.CoordinatorListener;
import io.camure.protocol.base.Checks;
import io.camure.runtime.EventDispatcher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who is told of what a coordinator finds out about its members, in order, on the thread of a dispatcher. Thread-safe. */
final class CoordinatorListeners {

    private final List<CoordinatorListener> listeners = new CopyOnWriteArrayList<>();
    private final EventDispatcher dispatcher;

    CoordinatorListeners(EventDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void add(CoordinatorListener listener) {
        listeners.add(Checks.given("listener", listener));
    }

    void remove(CoordinatorListener listener) {
        listeners.remove(Checks.given("listener", listener));
    }

    /** Called under the driver's lock. */
    void tell(Consumer<CoordinatorListener> what) {
        for (CoordinatorListener listener : listeners) {
            dispatcher.execute(() -> what.accept(listener));
        }
    }
}
