package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.barrier.StartGates;
import io.camure.spring.session.SessionBindings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
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
        return new GatedApplicationAvailability(() -> gates.getObject().arePassed());
    }

    @Bean
    StartGates camureStartGates(
            SessionBindings sessions, ApplicationAvailability availability, ApplicationEventPublisher publisher) {
        StartGates gates = new StartGates(sessions, () -> onAllPassed(availability, publisher));
        if (!gates.isEmpty() && !(availability instanceof GatedApplicationAvailability)) {
            throw new CamureConfigurationException(
                    "There is a group whose gate is readiness, but the application has an ApplicationAvailability bean of"
                            + " its own, which does not know of it: "
                            + availability.getClass().getName() + ".",
                    "Remove that bean, or the gate.");
        }
        return gates;
    }

    /** Those who listen to availability were told that the application is ready when it was started. */
    private static void onAllPassed(ApplicationAvailability availability, ApplicationEventPublisher publisher) {
        if (availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
            AvailabilityChangeEvent.publish(publisher, availability, ReadinessState.ACCEPTING_TRAFFIC);
        }
    }
}
