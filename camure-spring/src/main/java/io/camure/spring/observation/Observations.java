package io.camure.spring.observation;

import io.camure.spring.kind.Around;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.SessionBindings;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Has listeners and senders observed, once all beans are there: the registry is not to be made before what configures it. */
public final class Observations implements SmartInitializingSingleton {

    private static final CamureListenerObservationConvention LISTENER =
            new DefaultCamureListenerObservationConvention();

    private static final CamureSenderObservationConvention SENDER = new DefaultCamureSenderObservationConvention();

    private final SessionBindings sessions;
    private final ListenerRegistry listeners;
    private final ObjectProvider<ObservationRegistry> registries;
    private final ObjectProvider<CamureListenerObservationConvention> listenerConventions;
    private final ObjectProvider<CamureSenderObservationConvention> senderConventions;
    private final TraceFields fields;

    /** @param propagatedFields which fields of tracers go with messages beside the trace, such as {@code baggage} */
    public Observations(
            SessionBindings sessions,
            ListenerRegistry listeners,
            ObjectProvider<ObservationRegistry> registries,
            ObjectProvider<CamureListenerObservationConvention> listenerConventions,
            ObjectProvider<CamureSenderObservationConvention> senderConventions,
            Collection<String> propagatedFields) {
        this.sessions = sessions;
        this.listeners = listeners;
        this.registries = registries;
        this.listenerConventions = listenerConventions;
        this.senderConventions = senderConventions;
        fields = new TraceFields(propagatedFields);
    }

    @Override
    public void afterSingletonsInstantiated() {
        ObservationRegistry registry = registries.getIfUnique();
        if (registry == null || registry.isNoop()) {
            return;
        }
        CamureListenerObservationConvention listenerConvention = listenerConventions.getIfUnique();
        listeners
                .observers()
                .observeBy((group, listenerId, message) -> call -> observe(
                        CamureObservation.PROCESS.observation(
                                listenerConvention,
                                LISTENER,
                                () -> new CamureListenerObservationContext(
                                        group.name(), group.session().name(), listenerId, message.getHeaders(), fields),
                                registry),
                        call));
        CamureSenderObservationConvention senderConvention = senderConventions.getIfUnique();
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(GroupBinding group) {
                group.observeSending((headers, sending) -> observe(
                        CamureObservation.SEND.observation(
                                senderConvention,
                                SENDER,
                                () -> new CamureSenderObservationContext(
                                        group.name(), group.session().name(), headers, fields),
                                registry),
                        sending));
            }

            @Override
            public void onRemoved(GroupBinding group) {
                // Nothing is sent any more.
            }
        });
    }

    private static @Nullable Object observe(Observation observation, Around.Call call) throws Throwable {
        observation.start();
        Observation.Scope scope = observation.openScope();
        try {
            return call.proceed();
        } catch (Throwable e) {
            observation.error(e);
            throw e;
        } finally {
            scope.close();
            observation.stop();
        }
    }
}
