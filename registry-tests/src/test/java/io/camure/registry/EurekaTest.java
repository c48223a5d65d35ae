package io.camure.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.Member;
import io.camure.Round;
import io.camure.spring.CoordinatorRegainedEvent;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/** The coordinator is an instance of a service that is registered at Eureka. */
class EurekaTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static ConfigurableApplicationContext registry;

    private final Deque<ConfigurableApplicationContext> instances = new ArrayDeque<>();

    @BeforeAll
    static void startRegistry() {
        registry = new SpringApplicationBuilder(Registry.class)
                .properties(
                        "server.port=0",
                        "spring.application.name=registry",
                        "camure.enabled=false",
                        "eureka.client.register-with-eureka=false",
                        "eureka.client.fetch-registry=false",
                        "eureka.server.use-read-only-response-cache=false",
                        "eureka.server.enable-self-preservation=false")
                .run();
    }

    @AfterAll
    static void stopRegistry() {
        registry.close();
    }

    @AfterEach
    void stopInstances() {
        instances.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void aMemberFindsTheInstanceThatCoordinatesAndTheNextOneElsewhere() throws Exception {
        ConfigurableApplicationContext first = coordinator();
        ConfigurableApplicationContext member = member();
        assertThat(coordinatorPort(member)).isEqualTo(port(first));
        assertTheyMeet(first, member);

        BlockingQueue<CoordinatorRegainedEvent> regained =
                member.getBean(Regained.class).events();
        first.close();
        ConfigurableApplicationContext second = coordinator();
        assertThat(regained.poll(LONGEST.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        assertThat(coordinatorPort(member)).isEqualTo(port(second));
        assertTheyMeet(second, member);
    }

    private static void assertTheyMeet(
            ConfigurableApplicationContext coordinator, ConfigurableApplicationContext member) throws Exception {
        CompletableFuture<Round> there = coordinator.getBean(Barrier.class).awaitAsync(LONGEST);
        Round here = member.getBean(Barrier.class).await(LONGEST);
        assertThat(there.get(LONGEST.toSeconds(), TimeUnit.SECONDS).number()).isEqualTo(here.number());
    }

    private static int port(ConfigurableApplicationContext coordinator) {
        return coordinator.getBean(Coordinator.class).address().getPort();
    }

    private static int coordinatorPort(ConfigurableApplicationContext member) {
        return member.getBean(Member.class).coordinatorAddress().getPort();
    }

    private ConfigurableApplicationContext coordinator() throws SocketException {
        int port = freePort();
        return instance(
                "camure.role=coordinator",
                "camure.coordinator.bind-address=127.0.0.1:" + port,
                "eureka.instance.metadata-map.camure.port=" + port);
    }

    private ConfigurableApplicationContext member() {
        return instance(
                "camure.role=member",
                "camure.member.coordinator-service=orders",
                "camure.member.rejoin.max-interval=1s",
                "eureka.client.register-with-eureka=false");
    }

    private ConfigurableApplicationContext instance(String... properties) {
        ConfigurableApplicationContext instance = new SpringApplicationBuilder(Instance.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.application.name=orders",
                        "camure.groups.phase.type=barrier",
                        "eureka.client.jersey.enabled=false",
                        "eureka.client.restclient.enabled=true",
                        "eureka.instance.hostname=127.0.0.1",
                        "eureka.instance.prefer-ip-address=true",
                        "eureka.instance.ip-address=127.0.0.1",
                        "eureka.client.registry-fetch-interval-seconds=1",
                        "eureka.client.initial-instance-info-replication-interval-seconds=0",
                        "eureka.client.service-url.defaultZone=http://127.0.0.1:"
                                + ((ServletWebServerApplicationContext) registry)
                                        .getWebServer()
                                        .getPort()
                                + "/eureka/")
                .properties(properties)
                .run();
        instances.push(instance);
        return instance;
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @EnableEurekaServer
    @EnableAutoConfiguration
    @SpringBootConfiguration
    static class Registry {}

    @EnableAutoConfiguration
    @SpringBootConfiguration
    static class Instance {

        @Bean
        Regained regained() {
            return new Regained(new LinkedBlockingQueue<>());
        }
    }

    record Regained(BlockingQueue<CoordinatorRegainedEvent> events) {

        @EventListener
        void on(CoordinatorRegainedEvent event) {
            events.add(event);
        }
    }
}
