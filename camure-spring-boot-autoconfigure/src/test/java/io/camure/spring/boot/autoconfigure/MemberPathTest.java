package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.MemberPath;
import io.camure.Node;
import io.camure.spring.MemberPathEvent;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.PathDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureEndpoint;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** What is told of how long the datagrams are that get to members. */
class MemberPathTest {

    /** Has nothing longer than 1300 bytes get to a member. */
    private static final class Narrow implements PortProvider {

        @Override
        public String name() {
            return "narrow";
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
                        if (method.getName().equals("handOver")) {
                            DatagramHandler handler = (DatagramHandler) arguments[0];
                            port.handOver((source, datagram) -> {
                                if (datagram.remaining() <= 1300) {
                                    handler.onDatagram(source, datagram);
                                }
                            });
                            return null;
                        }
                        return method.invoke(port, arguments);
                    });
        }
    }

    static final class Witness {

        private final List<MemberPathEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void onEvent(MemberPathEvent event) {
            events.add(event);
        }
    }

    private static Object smallestPath(ApplicationContext context) {
        HealthIndicator session =
                (HealthIndicator) context.getBean("camureHealthContributor", CompositeHealthContributor.class)
                        .getContributor("session");
        return session.health().getDetails().get("smallestPath");
    }

    private static double gauge(ApplicationContext context, String name) {
        return context.getBean(MeterRegistry.class)
                .get(name)
                .tag("session", "default")
                .gauge()
                .value();
    }

    @Test
    void aSmallOneIsToldOfEverywhere() {
        TestSession.metered(TestSession.coordinator())
                .withBean(Witness.class)
                .withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=camure")
                .run(context -> {
                    Coordinator coordinator = context.getBean(Coordinator.class);
                    assertThat(smallestPath(context)).isNull();
                    assertThat(gauge(context, "camure.path.size")).isNaN();
                    MemberConfig config = MemberConfig.builder()
                            .name("orders-2")
                            .network(new Narrow())
                            .build();
                    try (Member member = Member.join(coordinator.address(), config)) {
                        Node node = new Node(member.name(), member.address(), member.incarnation());
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(context.getBean(Witness.class).events)
                                        .containsExactly(
                                                new MemberPathEvent("default", "coordinator", node, 1292, true)));

                        assertThat(coordinator.memberPaths()).containsExactly(new MemberPath(node, 1292, true));
                        assertThat(smallestPath(context)).isEqualTo("1292 bytes to " + node);
                        assertThat(gauge(context, "camure.path.size")).isEqualTo(1292);
                        assertThat(gauge(context, "camure.path.lowered.members"))
                                .isOne();
                        assertThat(context.getBean(CamureEndpoint.class)
                                        .camure()
                                        .sessions()
                                        .get(0)
                                        .paths())
                                .extracting(PathDescriptor::name, PathDescriptor::bytes, PathDescriptor::lowered)
                                .containsExactly(tuple("orders-2", 1292, true));
                    }
                });
    }
}
