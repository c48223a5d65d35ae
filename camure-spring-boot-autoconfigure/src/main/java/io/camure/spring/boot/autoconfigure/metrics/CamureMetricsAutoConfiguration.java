package io.camure.spring.boot.autoconfigure.metrics;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureListenerAutoConfiguration;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.session.SessionBindings;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** Meters of the sessions, their groups and listeners. Needs no registry: Boot binds them to those that there are. */
@AutoConfiguration(after = {CamureAutoConfiguration.class, CamureListenerAutoConfiguration.class})
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "camureMeters", search = SearchStrategy.CURRENT)
    MeterBinder camureMeters(SessionBindings sessions) {
        return new CamureMeters(sessions);
    }

    @Bean
    @ConditionalOnBean(value = ListenerRegistry.class, search = SearchStrategy.CURRENT)
    @ConditionalOnMissingBean(name = "camureListenerMeters", search = SearchStrategy.CURRENT)
    MeterBinder camureListenerMeters(ListenerRegistry listeners) {
        return new ListenerMeters(listeners);
    }
}
