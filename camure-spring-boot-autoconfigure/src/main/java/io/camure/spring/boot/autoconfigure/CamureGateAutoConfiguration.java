package io.camure.spring.boot.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Keeps the application from being ready until others are there: {@code camure.groups.<name>.gate}. */
@AutoConfiguration(after = CamureAutoConfiguration.class, before = ApplicationAvailabilityAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureGateAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(value = ApplicationAvailability.class, search = SearchStrategy.CURRENT)
    GatedApplicationAvailability applicationAvailability(ObjectProvider<StartGates> gates) {
        return new GatedApplicationAvailability(gates);
    }

    @Bean
    StartGates camureStartGates(
            SessionBindings sessions, ApplicationAvailability availability, ApplicationEventPublisher publisher) {
        return new StartGates(sessions, availability, publisher);
    }
}
