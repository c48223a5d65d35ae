package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.DeliveryMode;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Node;
import io.camure.spring.CamureEvent;
import io.camure.spring.MemberDeafEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** Which way is configured by which members are served, and what is told of it. */
class DeliveryModeTest {

    /** Has a member hear nothing by multicast. */
    private static final class Deaf implements PortProvider {

        @Override
        public String name() {
            return "deaf";
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
                    (proxy, method, arguments) ->
                            method.getName().equals("joinMulticast") ? null : method.invoke(port, arguments));
        }
    }

    static final class Witness {

        private final List<CamureEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void onEvent(CamureEvent event) {
            events.add(event);
        }
    }

    private static Map<String, Object> health(ApplicationContext context) {
        HealthIndicator session =
                (HealthIndicator) context.getBean("camureHealthContributor", CompositeHealthContributor.class)
                        .getContributor("session");
        return session.health().getDetails();
    }

    private static double unicastMembers(ApplicationContext context) {
        return context.getBean(MeterRegistry.class)
                .get("camure.unicast.members")
                .tag("session", "default")
                .gauge()
                .value();
    }

    @Test
    void aMemberThatIsDeafIsToldOfEverywhere() {
        TestSession.metered(TestSession.coordinator())
                .withBean(Witness.class)
                .withPropertyValues("camure.coordinator.heartbeat-interval=50ms")
                .run(context -> {
                    Coordinator coordinator = context.getBean(Coordinator.class);
                    MemberConfig config = MemberConfig.builder()
                            .name("orders-2")
                            .network(new Deaf())
                            .build();
                    try (Member member = Member.join(coordinator.address(), config)) {
                        Barrier barrier = member.joinBarrier(0);
                        Node node = new Node(member.name(), member.address(), member.incarnation());
                        await().atMost(TestSession.SOON)
                                .untilAsserted(() -> assertThat(context.getBean(Witness.class).events)
                                        .filteredOn(event -> !(event instanceof MemberJoinedEvent))
                                        .containsExactly(new MemberDeafEvent("default", "coordinator", node)));

                        assertThat(health(context)).containsEntry("multicast", "heard by 0 of 1");
                        assertThat(unicastMembers(context)).isOne();
                        assertThat(coordinator.deafMembers()).containsExactly(node);
                        assertThat(barrier.id()).isZero();
                    }
                });
    }

    @Test
    void unicastUsesNoMulticastAddress() {
        TestSession.metered(TestSession.application())
                .withPropertyValues(
                        "camure.role=coordinator",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.coordinator.delivery=unicast")
                .run(context -> {
                    Coordinator coordinator = context.getBean(Coordinator.class);
                    assertThat(coordinator.delivery()).isEqualTo(DeliveryMode.UNICAST);
                    assertThat(health(context)).containsEntry("multicast", "not used");
                    assertThat(unicastMembers(context)).isZero();
                });
    }
}
