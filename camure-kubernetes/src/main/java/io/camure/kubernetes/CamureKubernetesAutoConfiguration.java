package io.camure.kubernetes;

import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCloudPlatform;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What can elect the coordinator of a session whose role is {@code auto}, on Kubernetes. */
@AutoConfiguration(
        after = CamureAutoConfiguration.class,
        // Whose client is taken where there is one.
        afterName = "org.springframework.cloud.kubernetes.fabric8.Fabric8AutoConfiguration")
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@Import({
    CamureKubernetesAutoConfiguration.ClientConfiguration.class,
    CamureKubernetesAutoConfiguration.EngineConfiguration.class
})
public final class CamureKubernetesAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCloudPlatform(CloudPlatform.KUBERNETES)
    @ConditionalOnMissingBean(KubernetesClient.class)
    static class ClientConfiguration {

        @Bean(destroyMethod = "close")
        KubernetesClient camureKubernetesClient() {
            return new KubernetesClientBuilder().build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(KubernetesClient.class)
    static class EngineConfiguration {

        @Bean
        KubernetesLeaseEngine camureKubernetesElectionEngine(KubernetesClient client) {
            return new KubernetesLeaseEngine(client);
        }
    }
}
