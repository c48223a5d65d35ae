package io.camure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.DeliveryMode;
import io.camure.spring.boot.autoconfigure.CamureProperties;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** That the manifests agree with one another and with the application. No cluster runs them. */
@EnableKubernetesMockClient(crud = true)
class KubernetesTest {

    private static final String COORDINATOR = "prices-coordinator";
    private static final String MEMBER = "prices-member";

    private KubernetesClient client;
    private Manifests manifests;

    @BeforeEach
    void load() throws IOException {
        manifests = new Manifests(client, "kubernetes");
    }

    @Test
    void aServerTakesThem() {
        manifests.all().forEach(resource -> client.resource(resource).create());

        assertThat(manifests.all())
                .hasSize(7)
                .allSatisfy(
                        resource -> assertThat(client.resource(resource).get()).isInstanceOf(resource.getClass()));
        assertThat(client.apps().deployments().list().getItems())
                .extracting(deployment -> deployment.getMetadata().getName())
                .containsExactlyInAnyOrder(COORDINATOR, MEMBER);
    }

    @Test
    void theyHaveNoFieldThatTheirKindsDoNotKnow() throws ReflectiveOperationException {
        for (HasMetadata resource : manifests.all()) {
            assertThat(UnknownFields.of(resource)).isEmpty();
        }
    }

    @Test
    void theMembersFindTheCoordinatorThroughAHeadlessService() {
        String[] asked = member(0).camure().member().coordinatorAddress().get(0).split(":");
        Service service = manifests.get(Service.class, asked[0]);
        ServicePort port = service.getSpec().getPorts().get(0);

        assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(manifests.selectedBy(asked[0])).containsExactly(COORDINATOR);
        assertThat(port.getProtocol()).isEqualTo("UDP");
        assertThat(port.getPort()).hasToString(asked[1]);
        assertThat(port.getTargetPort().getStrVal()).isEqualTo("camure");
        assertThat(manifests.port(COORDINATOR, "camure").getProtocol()).isEqualTo("UDP");
        // The name of a headless Service stands for addresses only; the port is the pod's own.
        assertThat(manifests.port(COORDINATOR, "camure").getContainerPort()).isEqualTo(port.getPort());
        assertThat(coordinator().camure().coordinator().bindAddress()).isEqualTo("10.0.3.1:" + asked[1]);
    }

    @Test
    void theSessionHasOneCoordinatorAndAsManyMembersAsItsGroupsExpect() {
        Deployment coordinator = manifests.get(Deployment.class, COORDINATOR);
        Deployment member = manifests.get(Deployment.class, MEMBER);
        CamureProperties properties = coordinator().camure();

        assertThat(coordinator.getSpec().getReplicas()).isOne();
        assertThat(coordinator.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(properties.groups())
                .containsOnlyKeys("step", "everyone")
                .allSatisfy((name, group) -> assertThat(group.expectedMembers())
                        .as(name)
                        .isEqualTo(member.getSpec().getReplicas()));
        assertThat(properties.sessionName())
                .isEqualTo("production")
                .isEqualTo(member(0).camure().sessionName());
        assertThat(properties.coordinator().delivery()).isEqualTo(DeliveryMode.AUTO);
    }

    @Test
    void servicesPoliciesAndBudgetsTakeThePodsThatTheyAreFor() {
        NetworkPolicy policy = manifests.get(NetworkPolicy.class, "prices");
        LabelSelector budget =
                manifests.get(PodDisruptionBudget.class, MEMBER).getSpec().getSelector();

        assertThat(manifests.selectedBy("prices")).containsExactly(COORDINATOR);
        assertThat(manifests.selected(budget.getMatchLabels())).containsExactly(MEMBER);
        assertThat(manifests.selected(policy.getSpec().getPodSelector().getMatchLabels()))
                .containsExactly(COORDINATOR, MEMBER);
        assertThat(manifests.selected(policy.getSpec()
                        .getIngress()
                        .get(0)
                        .getFrom()
                        .get(0)
                        .getPodSelector()
                        .getMatchLabels()))
                .containsExactly(COORDINATOR, MEMBER);
        assertThat(List.of(COORDINATOR, MEMBER))
                .allSatisfy(name -> assertThat(manifests.selected(manifests
                                .get(Deployment.class, name)
                                .getSpec()
                                .getSelector()
                                .getMatchLabels()))
                        .containsExactly(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {COORDINATOR, MEMBER})
    void eachPodHasTwoProcessorsOfItsOwnAndIsAskedHowItIs(String deployment) {
        Container container = manifests.container(deployment);

        assertThat(container.getResources().getRequests())
                .isEqualTo(container.getResources().getLimits())
                .containsEntry("cpu", new Quantity("2"));
        assertThat(container.getImage()).isEqualTo(Compose.read().image());
        assertAsks(container.getStartupProbe(), "liveness");
        assertAsks(container.getLivenessProbe(), "liveness");
        assertAsks(container.getReadinessProbe(), "readiness");
        String port =
                manifests.variables(deployment, "pod", "10.0.3.1").values().getOrDefault("SERVER_PORT", "8080");
        assertThat(manifests.port(deployment, "http").getContainerPort()).hasToString(port);
    }

    private static void assertAsks(Probe probe, String group) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo("/actuator/health/" + group);
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
    }

    @Test
    void nobodyIsReadyBeforeAllAreThere() throws InterruptedException {
        int members = manifests.get(Deployment.class, MEMBER).getSpec().getReplicas();
        try (DeployedSession session = new DeployedSession()) {
            ConfigurableApplicationContext coordinator = session.start(coordinator());
            for (int i = 0; i < members; i++) {
                assertThat(DeployedSession.readiness(coordinator)).isEqualTo(Status.OUT_OF_SERVICE);
                session.start(member(i));
            }

            session.awaitAllReady();
            assertThat(session.step().size()).isEqualTo(members + 1);
        }
    }

    private Variables coordinator() {
        return manifests.variables(COORDINATOR, COORDINATOR + "-5c9d", "10.0.3.1");
    }

    private Variables member(int number) {
        return manifests.variables(MEMBER, MEMBER + "-7f9" + number, "10.0.3." + (2 + number));
    }
}
