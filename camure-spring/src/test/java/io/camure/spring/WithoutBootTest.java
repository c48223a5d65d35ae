package io.camure.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLocator;
import io.camure.GroupConfig;
import io.camure.MemberConfig;
import io.camure.Rejoin;
import io.camure.Round;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.group.GroupType;
import io.camure.spring.group.SessionGroups;
import io.camure.spring.listener.CamureListenerBeanPostProcessor;
import io.camure.spring.listener.ListenerFactory;
import io.camure.spring.listener.ListenerMethods;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.payload.MessageTypes;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.Gate;
import io.camure.spring.session.GroupDefinition;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.MemberLifecycle;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import io.camure.spring.session.Startup;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two applications with Spring, but without Boot, meet at a barrier, and one listens to what the other sends. */
class WithoutBootTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Callbacks CALLBACKS = new Callbacks(() -> null, List::of);

    private static final List<GroupDefinition> GROUPS =
            List.of(group("start-line", GroupType.BARRIER, 0), group("prices", GroupType.BROADCAST, 1));

    private static GroupDefinition group(String name, GroupType type, int id) {
        GroupConfig config = GroupConfig.builder().id(id).expectedMembers(1).build();
        return new GroupDefinition(name, "this test", type.kind(), config, null, MessageTypes.NONE, Gate.NONE);
    }

    private static int freePort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static CoordinatorLifecycle coordinator(int multicastPort) {
        InetSocketAddress unicast = new InetSocketAddress("127.0.0.1", 0);
        InetSocketAddress multicast = new InetSocketAddress("239.255.74.0", multicastPort);
        return new CoordinatorLifecycle(
                new CoordinatorDefinition("default", "coordinator", GROUPS),
                () -> Coordinator.start(
                        unicast,
                        multicast,
                        CoordinatorConfig.builder().name("coordinator").build()),
                CALLBACKS);
    }

    private static MemberLifecycle memberOf(Coordinator coordinator) {
        return new MemberLifecycle(
                new MemberDefinition("default", "member", GROUPS, Startup.WAIT, SOON),
                CoordinatorLocator.fixed(coordinator.address()),
                MemberConfig.builder().name("member").rejoin(Rejoin.backOff()),
                CALLBACKS);
    }

    private static AnnotationConfigApplicationContext application(SessionBinding session, Class<?>... configuration) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean("camureSession", SessionBinding.class, () -> session);
        context.register(Groups.class);
        for (Class<?> each : configuration) {
            context.register(each);
        }
        context.refresh();
        return context;
    }

    @Configuration
    static class Groups {

        @Bean
        SessionBindings sessions(ObjectProvider<SessionBinding> sessions) {
            return new SessionBindings(sessions.orderedStream());
        }

        @Bean
        CamureGroups groups(SessionBindings sessions) {
            return new SessionGroups(sessions, sessions.all());
        }
    }

    @Configuration
    static class Listening {

        final BlockingQueue<String> prices = new LinkedBlockingQueue<>();

        @CamureListener(group = "prices")
        void onPrice(String price) {
            prices.add(price);
        }

        @Bean
        static CamureListenerBeanPostProcessor listenerPostProcessor(ObjectProvider<ListenerRegistry> registry) {
            return new CamureListenerBeanPostProcessor(registry);
        }

        @Bean
        ListenerRegistry listeners(SessionBindings sessions, ConfigurableBeanFactory beanFactory) {
            ListenerMethods methods = new ListenerMethods(beanFactory, PayloadConverter.of(List.of(), null), null);
            return new ListenerRegistry(
                    sessions, true, new ListenerFactory(beanFactory, methods, false, session -> 1000));
        }
    }

    @Test
    void sessionsBarriersAndListenersNeedNoBoot() throws Exception {
        try (AnnotationConfigApplicationContext there = application(coordinator(freePort()))) {
            Coordinator coordinator =
                    (Coordinator) there.getBean(SessionBinding.class).current();
            try (AnnotationConfigApplicationContext here = application(memberOf(coordinator), Listening.class)) {
                CompletableFuture<Round> arrived = there.getBean(CamureGroups.class)
                        .barrierGroup("start-line")
                        .awaitAsync();
                Barrier startLine = here.getBean(CamureGroups.class).barrier("start-line");
                assertThat(startLine.await(SOON).size()).isEqualTo(2);
                assertThat(arrived).succeedsWithin(SOON);

                BroadcastGroup prices = there.getBean(CamureGroups.class).broadcastGroup("prices");
                prices.send("3.14".getBytes());
                assertThat(here.getBean(Listening.class).prices.poll(SOON.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("3.14");
            }
        }
    }
}
