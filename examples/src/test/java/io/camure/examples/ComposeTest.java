package io.camure.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.DeliveryMode;
import io.camure.spring.boot.autoconfigure.CamureProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** That the Compose file agrees with itself and with the application. No container runs. */
class ComposeTest {

    private final Compose compose = Compose.read();

    @Test
    void theMembersFindTheCoordinatorByItsHostName() {
        CamureProperties coordinator = compose.variables("coordinator").camure();
        CamureProperties member = compose.variables("member").camure();
        String address = coordinator.coordinator().bindAddress();

        assertThat(member.member().coordinatorAddress()).containsExactly(address);
        assertThat(address).startsWith(compose.service("coordinator").get("hostname") + ":");
        assertThat(coordinator.coordinator().delivery()).isEqualTo(DeliveryMode.AUTO);
        assertThat(coordinator.sessionName()).isEqualTo("compose").isEqualTo(member.sessionName());
    }

    @Test
    void oneVariableSaysHowManyMembersThereAre() {
        Compose larger = Compose.read(Map.of("MEMBERS", "5"));

        assertThat(compose.replicas("member")).isEqualTo(2);
        assertThat(larger.replicas("member")).isEqualTo(5);
        for (Compose each : List.of(compose, larger)) {
            assertThat(each.variables("coordinator").camure().groups())
                    .containsOnlyKeys("step", "everyone")
                    .allSatisfy((name, group) ->
                            assertThat(group.expectedMembers()).as(name).isEqualTo(each.replicas("member")));
        }
    }

    @Test
    void theImageIsMadeOfTheGuidesApplication() throws IOException {
        Map<String, Object> build = Compose.map(compose.service("member"), "build");
        Path context = Compose.file().resolveSibling(String.valueOf(build.get("context")));
        Path dockerfile = context.resolve(String.valueOf(build.get("dockerfile")));
        String application = Files.readString(context.resolve("pom.xml"));

        assertThat(application)
                .containsSubsequence("<artifactId>prices</artifactId>", "<version>1.0</version>", "<dependencies>");
        assertThat(dockerfile).content().contains("COPY target/prices-1.0.jar ");
        assertThat(compose.service("coordinator")).containsEntry("build", build);
    }

    @Test
    void nobodyIsReadyBeforeAllAreThere() throws InterruptedException {
        try (DeployedSession session = new DeployedSession()) {
            ConfigurableApplicationContext coordinator = session.start(compose.variables("coordinator"));
            for (int i = 0; i < compose.replicas("member"); i++) {
                assertThat(DeployedSession.readiness(coordinator)).isEqualTo(Status.OUT_OF_SERVICE);
                session.start(compose.variables("member"));
            }

            session.awaitAllReady();
            assertThat(session.step().size()).isEqualTo(3);
        }
    }
}
