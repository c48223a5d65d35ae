package io.camure.spring.boot.autoconfigure;

import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.observation.CamureListenerObservationConvention;
import io.camure.spring.observation.CamureSenderObservationConvention;
import io.camure.spring.observation.Observations;
import io.camure.spring.observation.TracedRounds;
import io.camure.spring.session.SessionBindings;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Observes listeners and senders, where there is an {@link ObservationRegistry} that somebody listens to. */
@AutoConfiguration(after = {CamureAutoConfiguration.class, CamureListenerAutoConfiguration.class})
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBooleanProperty(
        name = {"camure.enabled", "camure.observation.enabled"},
        matchIfMissing = true)
@ConditionalOnBean(
        value = {SessionBindings.class, ListenerRegistry.class},
        search = SearchStrategy.CURRENT)
public final class CamureObservationAutoConfiguration {

    @Bean
    Observations camureObservations(
            SessionBindings sessions,
            ListenerRegistry listeners,
            ObjectProvider<ObservationRegistry> registries,
            ObjectProvider<CamureListenerObservationConvention> listenerConventions,
            ObjectProvider<CamureSenderObservationConvention> senderConventions,
            CamureProperties properties) {
        return new Observations(
                sessions,
                listeners,
                registries,
                listenerConventions,
                senderConventions,
                properties.observation().propagatedFields());
    }

    /** Has rounds show in traces, where there is something that makes these. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Tracer.class)
    @ConditionalOnProperty(name = "camure.observation.rounds", havingValue = "sampled", matchIfMissing = true)
    static class TracedRoundsConfiguration {

        @Bean
        TracedRounds camureTracedRounds(SessionBindings sessions, ObjectProvider<Tracer> tracers) {
            return new TracedRounds(sessions, tracers);
        }

        /** Nobody asks for it. */
        @Bean
        static LazyInitializationExcludeFilter camureTracedRoundsLazyInitializationExcludeFilter() {
            return LazyInitializationExcludeFilter.forBeanTypes(TracedRounds.class);
        }
    }

    /** Nobody asks for it. */
    @Bean
    static LazyInitializationExcludeFilter camureObservationLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(Observations.class);
    }
}
