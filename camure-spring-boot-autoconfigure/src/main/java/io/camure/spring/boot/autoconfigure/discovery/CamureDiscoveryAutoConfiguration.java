package io.camure.spring.boot.autoconfigure.discovery;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.camure.spring.boot.autoconfigure.CoordinatorDiscovery;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;

/** Has members find the service in {@code camure.member.coordinator-service} by Spring Cloud's DiscoveryClient. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        afterName = {
            "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration"
        })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
public final class CamureDiscoveryAutoConfiguration {

    @Bean
    @ConditionalOnBean(DiscoveryClient.class)
    @ConditionalOnMissingBean
    CoordinatorDiscovery camureCoordinatorDiscovery(DiscoveryClient client) {
        return service -> new ServiceLocator(client, service);
    }
}
