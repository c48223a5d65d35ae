package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Application contexts whose sessions meet over real sockets on loopback. */
final class TestSession {

    /** Longer than anything takes that works. */
    static final Duration SOON = Duration.ofSeconds(30);

    private TestSession() {}

    static ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CamureAutoConfiguration.class, CamureListenerAutoConfiguration.class));
    }

    static ApplicationContextRunner coordinator() {
        return coordinator("127.0.0.1:0");
    }

    static ApplicationContextRunner coordinator(String bindAddress) {
        return application()
                .withPropertyValues(
                        "camure.role=coordinator",
                        "camure.name=coordinator",
                        "camure.coordinator.bind-address=" + bindAddress,
                        "camure.coordinator.multicast-address=239.255.74.0:" + freePort());
    }

    static ApplicationContextRunner member(InetSocketAddress coordinator) {
        return application()
                .withPropertyValues(
                        "camure.role=member",
                        "camure.name=member",
                        "camure.member.coordinator-address=127.0.0.1:" + coordinator.getPort());
    }

    static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return member(coordinator.getBean(Coordinator.class).address());
    }

    static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all threads that a session or a listener has started. */
    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure"))
                .collect(Collectors.toSet());
    }
}
