package io.camure.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.spring.CamureGroups;
import io.camure.spring.kind.Role;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** That the manifests of equal instances agree with one another and with the application. No cluster runs them. */
@EnableKubernetesMockClient(crud = true)
class KubernetesAutoTest {

    private static final String NAME = "prices";
    private static final Duration SOON = Duration.ofMinutes(1);

    private KubernetesClient client;
    private Manifests manifests;

    @BeforeEach
    void load() throws IOException {
        manifests = new Manifests(client, "kubernetes-auto");
    }

    @Test
    void aServerTakesThemAndKnowsAllTheirFields() throws ReflectiveOperationException {
        for (HasMetadata resource : manifests.all()) {
            client.resource(resource).create();
            assertThat(UnknownFields.of(resource)).isEmpty();
        }
        assertThat(manifests.all()).hasSize(7);
    }

    @Test
    void theInstancesMayHoldTheLeaseByWhichTheyElect() {
        String account = deployment().getSpec().getTemplate().getSpec().getServiceAccountName();
        RoleBinding binding = manifests.get(RoleBinding.class, NAME + "-election");
        List<PolicyRule> rules = manifests
                .get(
                        io.fabric8.kubernetes.api.model.rbac.Role.class,
                        binding.getRoleRef().getName())
                .getRules();

        assertThat(manifests.get(ServiceAccount.class, account)).isNotNull();
        assertThat(binding.getSubjects())
                .extracting(subject -> subject.getKind() + " " + subject.getName())
                .containsExactly("ServiceAccount " + account);
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.getApiGroups()).containsExactly("coordination.k8s.io");
            assertThat(rule.getResources()).containsExactly("leases");
        });
        assertThat(rules.get(0).getVerbs()).containsExactly("create");
        assertThat(rules.get(1).getVerbs()).containsExactlyInAnyOrder("get", "update", "patch");
        assertThat(rules.get(1).getResourceNames())
                .containsExactly(instance(0).camure().election().name());
    }

    @Test
    void theInstancesAreEqualAndOneMayBeAway() {
        int replicas = deployment().getSpec().getReplicas();
        var properties = instance(0).camure();
        var policy = manifests.get(NetworkPolicy.class, NAME).getSpec();

        assertThat(properties.role()).isEqualTo(Role.AUTO);
        assertThat(properties.groups().get("step").expectedMembers()).isEqualTo(replicas - 1);
        assertThat(properties.coordinator().bindAddress())
                .isEqualTo("10.0.3.1:" + manifests.port(NAME, "camure").getContainerPort());
        assertThat(deployment()
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isOne();
        assertThat(manifests.selectedBy(NAME)).containsExactly(NAME);
        assertThat(manifests.selected(manifests
                        .get(PodDisruptionBudget.class, NAME)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels()))
                .containsExactly(NAME);
        assertThat(manifests.selected(policy.getPodSelector().getMatchLabels())).containsExactly(NAME);
        assertThat(policy.getIngress().get(0).getFrom().get(0).getPodSelector().getMatchLabels())
                .isEqualTo(policy.getPodSelector().getMatchLabels());
    }

    @Test
    void anInstanceCoordinatesOnceItHoldsTheLease() {
        try (DeployedSession session = new DeployedSession()) {
            ConfigurableApplicationContext instance = session.start(
                    instance(0),
                    application -> application.registerBean(
                            KubernetesClient.class, () -> client, bean -> bean.setDestroyMethodName("")));
            await().atMost(SOON)
                    .until(() -> instance.getBean(CamureGroups.class).isCoordinator("step"));
            assertThat(lease().getSpec().getHolderIdentity())
                    .startsWith(NAME)
                    .contains("@")
                    .contains(":7400#");
        }
    }

    private Lease lease() {
        return client.leases().withName(NAME).get();
    }

    private Deployment deployment() {
        return manifests.get(Deployment.class, NAME);
    }

    private Variables instance(int number) {
        return manifests.variables(NAME, NAME + "-7f9" + number, "10.0.3." + (1 + number));
    }
}
