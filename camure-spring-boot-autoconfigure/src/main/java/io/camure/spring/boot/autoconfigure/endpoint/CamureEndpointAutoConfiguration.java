package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CamureListenerAutoConfiguration;
import io.camure.spring.boot.autoconfigure.doctor.CamureDoctorAutoConfiguration;
import io.camure.spring.boot.autoconfigure.doctor.Examinations;
import io.camure.spring.boot.autoconfigure.refresh.CamureRefreshAutoConfiguration;
import io.camure.spring.boot.autoconfigure.refresh.Refreshes;
import io.camure.spring.session.SessionBindings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code camure}, where it is exposed. */
@AutoConfiguration(
        after = {
            CamureAutoConfiguration.class,
            CamureDoctorAutoConfiguration.class,
            CamureListenerAutoConfiguration.class,
            CamureRefreshAutoConfiguration.class
        })
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(CamureEndpoint.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(
        value = {SessionBindings.class, CamureListenerEndpointRegistry.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(CamureEndpointProperties.class)
public final class CamureEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    CamureEndpoint camureEndpoint(
            SessionBindings sessions,
            CamureListenerEndpointRegistry listeners,
            CamureHistory history,
            ObjectProvider<Examinations> examinations,
            ObjectProvider<Refreshes> refreshes,
            ObjectProvider<EndpointAccessResolver> accesses,
            CamureEndpointProperties properties) {
        EndpointAccessResolver resolver = accesses.getIfAvailable();
        Access access = resolver == null
                ? CamureEndpoint.DEFAULT_ACCESS
                : resolver.accessFor(EndpointId.of(CamureEndpoint.ID), CamureEndpoint.DEFAULT_ACCESS);
        return new CamureEndpoint(
                sessions,
                listeners,
                history,
                examinations.getIfAvailable(),
                refreshes.getIfAvailable(),
                access,
                properties.showValues() == Show.ALWAYS);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnBean(value = CamureEndpoint.class, search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    CamureEndpointWebExtension camureEndpointWebExtension(
            CamureEndpoint endpoint, CamureEndpointProperties properties) {
        return new CamureEndpointWebExtension(endpoint, properties);
    }

    @Bean
    CamureHistory camureHistory(SessionBindings sessions) {
        return new CamureHistory(sessions);
    }
}
