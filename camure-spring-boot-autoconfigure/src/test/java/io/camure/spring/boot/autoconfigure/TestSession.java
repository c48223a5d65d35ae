package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpointAutoConfiguration;
import io.camure.spring.boot.autoconfigure.health.CamureHealthContributorAutoConfiguration;
import io.camure.spring.boot.autoconfigure.metrics.CamureMetricsAutoConfiguration;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Application contexts whose sessions meet over real sockets on loopback. */
final class TestSession {

    /** Longer than anything takes that works. */
    static final Duration SOON = Duration.ofSeconds(30);

    private TestSession() {}

    static ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CamureAutoConfiguration.class,
                        CamureListenerAutoConfiguration.class,
                        CamureMessagingAutoConfiguration.class,
                        CamureEndpointAutoConfiguration.class,
                        CamureBarrierAutoConfiguration.class,
                        CamureGateAutoConfiguration.class,
                        CamureHealthContributorAutoConfiguration.class,
                        CamureMetricsAutoConfiguration.class,
                        CamureObservationAutoConfiguration.class));
    }

    /** The groups that all nodes of the tests have: two barriers and a broadcast. */
    static ApplicationContextRunner withGroups(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "camure.groups.start-line.type=barrier",
                "camure.groups.start-line.id=0",
                "camure.groups.start-line.expected-members=1",
                "camure.groups.finish.type=barrier",
                "camure.groups.finish.id=7",
                "camure.groups.files.type=broadcast",
                "camure.groups.files.id=1",
                "camure.groups.files.expected-members=1");
    }

    /** A coordinator with the groups, on a free port. */
    static ApplicationContextRunner coordinator() {
        return coordinator(0);
    }

    static ApplicationContextRunner coordinator(int port) {
        return withGroups(coordinatorWithoutGroups(port));
    }

    static ApplicationContextRunner coordinatorWithoutGroups(int port) {
        return application()
                .withPropertyValues(
                        "camure.role=coordinator",
                        "camure.name=coordinator",
                        "camure.coordinator.bind-address=127.0.0.1:" + port,
                        "camure.coordinator.multicast-address=239.255.74.0:" + freePort());
    }

    /** A member with the groups. */
    static ApplicationContextRunner member(int coordinatorPort) {
        return withGroups(memberWithoutGroups(coordinatorPort));
    }

    static ApplicationContextRunner memberWithoutGroups(int coordinatorPort) {
        return application()
                .withPropertyValues(
                        "camure.role=member",
                        "camure.name=member",
                        "camure.member.coordinator-address=127.0.0.1:" + coordinatorPort);
    }

    static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return member(coordinator.getBean(Coordinator.class).address().getPort());
    }

    /** With Jackson. */
    static ApplicationContextRunner json(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class));
    }

    /** With a registry that counts. */
    static ApplicationContextRunner metered(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                SimpleMetricsExportAutoConfiguration.class));
    }

    /** Has both sides pass the first barrier, and gives back the member's round. */
    static Round meet(ApplicationContext coordinator, ApplicationContext member) throws InterruptedException {
        CompletableFuture<Round> there =
                coordinator.getBean("start-line", CoordinatorBarrier.class).awaitAsync();
        Round here = member.getBean("start-line", Barrier.class).await(TestSession.SOON);
        assertThat(there).succeedsWithin(TestSession.SOON);
        return here;
    }

    static void send(ApplicationContext coordinator, String group, String... messages) throws InterruptedException {
        for (String message : messages) {
            coordinator.getBean(group, BroadcastGroup.class).send(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    static CamureListenerEndpointRegistry listeners(ApplicationContext context) {
        return context.getBean(CamureListenerEndpointRegistry.class);
    }

    static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isFree(int port) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", port))) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    /** The names of all threads that a session or a listener has started. */
    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure"))
                // Who looks into a join that has failed outlives that by some seconds, and may be another test's.
                .filter(name -> !name.endsWith("-doctor"))
                .collect(Collectors.toSet());
    }

    /** A thread may take a moment to end after whoever waited for it was told. */
    static void assertNoThreadIsLeft() {
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
