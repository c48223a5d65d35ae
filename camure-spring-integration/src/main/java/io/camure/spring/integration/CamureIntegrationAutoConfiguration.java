package io.camure.spring.integration;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.integration.support.locks.LockRegistry;

/** What can elect the coordinator of a session whose role is {@code auto}, with Spring Integration. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        afterName = "org.springframework.boot.integration.autoconfigure.IntegrationAutoConfiguration")
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
public final class CamureIntegrationAutoConfiguration {

    @Bean
    EventsEngine camureEventsElectionEngine(ObjectProvider<ConcurrentMetadataStore> store) {
        return new EventsEngine(store.getIfUnique());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(LockRegistry.class)
    static class LockRegistryConfiguration {

        @Bean
        @ConditionalOnSingleCandidate(ConcurrentMetadataStore.class)
        LockRegistryEngine camureLockRegistryElectionEngine(LockRegistry<?> locks, ConcurrentMetadataStore store) {
            return new LockRegistryEngine(locks, store);
        }
    }
}
