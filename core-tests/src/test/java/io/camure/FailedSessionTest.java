package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose network fails under it. */
class FailedSessionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** Ports whose socket can break. */
    private static final class Breaking implements PortProvider {

        private static final Set<String> RECEIVING = Set.of("receive", "poll", "awaitDatagram");

        private volatile boolean broken;

        @Override
        public String name() {
            return "breaking";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            DatagramPort port = NioDatagramPort.open(bindAddress, options);
            return (DatagramPort) Proxy.newProxyInstance(
                    DatagramPort.class.getClassLoader(),
                    new Class<?>[] {DatagramPort.class},
                    (proxy, method, arguments) -> {
                        if (broken && RECEIVING.contains(method.getName())) {
                            throw new IOException("the socket is broken");
                        }
                        try {
                            return method.invoke(port, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void tellsItsListenersThatTheSessionIsOverAndWhy() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().heartbeatInterval(Duration.ofMillis(50)));
        Breaking network = new Breaking();
        Member member = loopback.member(coordinator, MemberConfig.builder().network(network));
        Queue<CamureException> told = new ConcurrentLinkedQueue<>();
        member.addListener(new MemberListener() {
            @Override
            public void coordinatorLost(CamureException why) {
                told.add(why);
            }
        });
        network.broken = true;

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(told).singleElement().satisfies(why -> {
                    assertThat(why).hasMessageContaining("the socket is broken");
                    assertThat(why)
                            .isInstanceOfSatisfying(
                                    DisconnectedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.FAILED));
                }));
        assertThat(member.isOpen()).isFalse();
    }
}
