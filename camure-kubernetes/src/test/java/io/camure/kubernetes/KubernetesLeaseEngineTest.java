package io.camure.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.spring.CamureConfigurationException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Lease may be called. */
@EnableKubernetesMockClient(crud = true)
class KubernetesLeaseEngineTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private KubernetesClient client;

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders-2", "eu.orders", "0"})
    void namesOfResourcesAreTaken(String name) {
        assertThat(new KubernetesLeaseEngine(client).election(name, LEASE)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orders", "orders service", "orders_2", "-orders", "orders-", "eu..orders", ""})
    void othersAreRefusedWithWhatToSet(String name) {
        KubernetesLeaseEngine engine = new KubernetesLeaseEngine(client);
        assertThatThrownBy(() -> engine.election(name, LEASE))
                .isInstanceOfSatisfying(CamureConfigurationException.class, why -> {
                    assertThat(why).hasMessageContaining("a Lease called '" + name + "'");
                    assertThat(why.action()).contains("camure.election.name", "lower-case letters");
                });
    }
}
