package io.camure.spring.boot.autoconfigure;

import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.observation.CamureListenerObservationConvention;
import io.camure.spring.observation.CamureSenderObservationConvention;
import io.camure.spring.observation.Observations;
import io.camure.spring.session.SessionBindings;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

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
            ObjectProvider<CamureSenderObservationConvention> senderConventions) {
        return new Observations(sessions, listeners, registries, listenerConventions, senderConventions);
    }

    /** Nobody asks for it. */
    @Bean
    static LazyInitializationExcludeFilter camureObservationLazyInitializationExcludeFilter() {
        return LazyInitializationExcludeFilter.forBeanTypes(Observations.class);
    }
}
