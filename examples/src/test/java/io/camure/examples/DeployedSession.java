package io.camure.examples;

import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.spring.boot.test.CamureTestAutoConfiguration;
import io.camure.test.CamureTestNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Applications with the configuration of the guide's and the variables of a deployment, on a network in memory. */
final class DeployedSession implements AutoCloseable {

    private final CamureTestNetwork network = CamureTestNetwork.create();
    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ImportAutoConfiguration(CamureTestAutoConfiguration.class)
    static class Application {}

    ConfigurableApplicationContext start(Variables variables) {
        return start(variables, application -> {});
    }

    /** @param more what else the application is given */
    ConfigurableApplicationContext start(Variables variables, Consumer<GenericApplicationContext> more) {
        ConfigurableApplicationContext node = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .environment(variables.environment())
                .initializers(context -> {
                    GenericApplicationContext application = (GenericApplicationContext) context;
                    application.registerBean(
                            CamureTestNetwork.class, () -> network, bean -> bean.setDestroyMethodName(""));
                    more.accept(application);
                })
                .run("--spring.config.location=" + Place.configuration().toUri(), "--camure.test.coordinators=false");
        nodes.add(node);
        return node;
    }

    /** What a readiness probe is told. */
    static Status readiness(ConfigurableApplicationContext node) {
        return Objects.requireNonNull(node.getBean(HealthEndpoint.class).healthForPath("readiness"))
                .getStatus();
    }

    void awaitAllReady() {
        for (ConfigurableApplicationContext node : nodes) {
            await().atMost(Duration.ofMinutes(1)).until(() -> readiness(node), Status.UP::equals);
        }
    }

    /** One step of all nodes. */
    Round step() throws InterruptedException {
        Barrier[] barriers =
                nodes.stream().map(node -> node.getBean("step", Barrier.class)).toArray(Barrier[]::new);
        return network.awaitRound(
                barriers[0], List.of(barriers).subList(1, barriers.length).toArray(Barrier[]::new));
    }

    @Override
    public void close() {
        // The coordinator started first.
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
        network.close();
    }
}
