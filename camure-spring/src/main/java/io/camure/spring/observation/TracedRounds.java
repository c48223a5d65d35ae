package io.camure.spring.observation;

import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.SessionBindings;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Has rounds show in the traces of the application, before any of its groups is created or joined. */
public final class TracedRounds implements SmartInitializingSingleton {

    private final SessionBindings sessions;
    private final ObjectProvider<Tracer> tracers;

    public TracedRounds(SessionBindings sessions, ObjectProvider<Tracer> tracers) {
        this.sessions = sessions;
        this.tracers = tracers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Tracer tracer = tracers.getIfUnique();
        // That of an application whose tracing is turned off.
        if (tracer == null || tracer == Tracer.NOOP) {
            return;
        }
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(GroupBinding group) {
                group.traceRounds(
                        new RoundSpans(tracer, group.name(), group.session().name()));
            }

            @Override
            public void onRemoved(GroupBinding group) {
                // There are no more rounds.
            }
        });
    }
}
