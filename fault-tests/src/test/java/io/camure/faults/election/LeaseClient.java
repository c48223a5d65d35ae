package io.camure.faults.election;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** A client of what has the Lease. */
@Configuration(proxyBeanMethods = false)
public class LeaseClient {

    @Bean(destroyMethod = "close")
    KubernetesClient client(Environment environment) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(environment.getRequiredProperty("elector"))
                .withNamespace("test")
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
