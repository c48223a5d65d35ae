package io.camure.node.session;

import io.camure.CamureException;
import io.camure.MemberListener;
import io.camure.runtime.EventDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever wants to know what a member loses and regains; told in order, on the dispatcher's thread. Thread-safe. */
public final class MemberListeners {

    private final List<MemberListener> listeners = new CopyOnWriteArrayList<>();
    private final EventDispatcher dispatcher;

    public MemberListeners(EventDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /**
     * To be called under the lock under which losses are told, so that each is told once.
     *
     * @param sessionLoss why there is no session now, or {@code null}
     * @param groupLosses why this node is out of groups, by their ids
     */
    public void add(
            MemberListener listener, @Nullable CamureException sessionLoss, Map<Integer, CamureException> groupLosses) {
        listeners.add(listener);
        if (sessionLoss != null) {
            dispatcher.execute(() -> listener.coordinatorLost(sessionLoss));
        }
        groupLosses.forEach((group, why) -> dispatcher.execute(() -> listener.groupLost(group, why)));
    }

    public void remove(MemberListener listener) {
        listeners.remove(listener);
    }

    public void tellCoordinatorLost(CamureException why) {
        tell(listener -> listener.coordinatorLost(why));
    }

    public void tellCoordinatorRegained(Duration outage) {
        tell(listener -> listener.coordinatorRegained(outage));
    }

    public void tellGroupLost(int group, CamureException why) {
        tell(listener -> listener.groupLost(group, why));
    }

    public void tellGroupRegained(int group, Duration outage) {
        tell(listener -> listener.groupRegained(group, outage));
    }

    private void tell(Consumer<MemberListener> notification) {
        listeners.forEach(listener -> dispatcher.execute(() -> notification.accept(listener)));
    }
}
