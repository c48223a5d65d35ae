package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Member;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Sessions by name, alone and beside the one without. */
class SeveralSessionsTest {

    private final int port = TestSession.freePort();

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner withOrders(ApplicationContextRunner runner, int port) {
        return runner.withPropertyValues(
                "camure.sessions.new-orders.role=coordinator",
                "camure.sessions.new-orders.coordinator.bind-address=127.0.0.1:" + port,
                "camure.sessions.new-orders.coordinator.multicast-address=239.255.74.0:" + TestSession.freePort(),
                "camure.sessions.new-orders.groups.order-line.type=barrier",
                "camure.sessions.new-orders.groups.order-line.id=0");
    }

    private static ApplicationContextRunner withMemberOfOrders(ApplicationContextRunner runner, int port) {
        return runner.withPropertyValues(
                "camure.sessions.orders-of-others.role=member",
                "camure.sessions.orders-of-others.name=me",
                "camure.sessions.orders-of-others.member.coordinator-address=127.0.0.1:" + port,
                "camure.sessions.orders-of-others.groups.others-line.type=barrier",
                "camure.sessions.orders-of-others.groups.others-line.name=order-line",
                "camure.sessions.orders-of-others.groups.others-line.id=0");
    }

    record OfOneSession(
            Coordinator byType,
            @Qualifier("newOrdersCoordinator") Coordinator byName,
            CoordinatorBarrier onlyBarrier) {}

    @Test
    void aNamedSessionAloneIsInjectedByType() {
        withOrders(TestSession.application(), 0)
                .withPropertyValues("spring.application.name=shop")
                .withBean(OfOneSession.class)
                .run(context -> {
                    OfOneSession beans = context.getBean(OfOneSession.class);
                    assertThat(beans.byType()).isSameAs(beans.byName());
                    assertThat(beans.byType().name()).matches("shop-new-orders-[0-9a-f]{4}");
                    assertThat(beans.onlyBarrier().isOpen()).isTrue();
                    assertThat(context).doesNotHaveBean("camureCoordinator");
                    assertThat(context.getBean(SessionBindings.class).session("new-orders"))
                            .isPresent();
                });
    }

    record OfTwoSessions(
            Coordinator camureCoordinator,
            @Qualifier("newOrdersCoordinator") Coordinator orders,
            Barrier startLine,
            @Qualifier("order-line") Barrier orderLine) {}

    @Test
    void aNamedSessionStandsBesideTheOneWithoutAName() {
        withOrders(TestSession.coordinator(), 0).withBean(OfTwoSessions.class).run(context -> {
            OfTwoSessions beans = context.getBean(OfTwoSessions.class);
            assertThat(beans.camureCoordinator().name()).isEqualTo("coordinator");
            assertThat(beans.orders().address())
                    .isNotEqualTo(beans.camureCoordinator().address());
            assertThat(beans.startLine().id()).isEqualTo(beans.orderLine().id()).isZero();
            assertThat(beans.orders().groups()).hasSize(1);
            assertThat(context.getBean(SessionBindings.class))
                    .extracting(SessionBinding::sessionName)
                    .containsExactlyInAnyOrder("default", "new-orders");
        });
    }

    @Test
    void anApplicationCanBeTheMemberOfItsOwnCoordinator() {
        // The member waits for its coordinator when the context starts, and is configured first.
        withOrders(withMemberOfOrders(TestSession.application(), port), port).run(context -> {
            assertThat(context.getBean("ordersOfOthersMember", Member.class).name())
                    .isEqualTo("me");
            CompletableFuture<?> there =
                    context.getBean("order-line", Barrier.class).awaitAsync();
            assertThat(context.getBean("others-line", Barrier.class)
                            .await(TestSession.SOON)
                            .size())
                    .isEqualTo(2);
            assertThat(there).succeedsWithin(TestSession.SOON);
        });
    }

    @Test
    void sessionsStopAndStartTogether() {
        withOrders(withMemberOfOrders(TestSession.application(), port), port).run(context -> {
            context.getSourceApplicationContext().stop();
            TestSession.assertNoThreadIsLeft();
            context.getSourceApplicationContext().start();
            assertThat(context.getBean("others-line", Barrier.class).isOpen()).isTrue();
        });
    }

    private static void assertRejected(ApplicationContextRunner runner, String... parts) {
        runner.run(context -> assertThat(context)
                .getFailure()
                .isInstanceOf(CamureConfigurationException.class)
                .hasMessageContainingAll(parts));
    }

    @Test
    void groupsOfOneSessionThatAreCalledTheSameAtOtherNodesAreRefused() {
        assertRejected(
                TestSession.coordinator()
                        .withPropertyValues(
                                "camure.groups.finish.type=barrier", "camure.groups.finish.name=start-line"),
                "camure.groups.start-line and camure.groups.finish are both called start-line at the other nodes");
    }

    @Test
    void groupsOfTwoSessionsWithOneNameAreRefused() {
        assertRejected(
                withOrders(TestSession.coordinator(), 0)
                        .withPropertyValues("camure.sessions.new-orders.groups.finish.type=barrier"),
                "camure.groups.finish and camure.sessions.new-orders.groups.finish",
                "Rename one of them");
    }

    @Test
    void groupsOfTwoSessionsThatAreTheSameInCamelCaseAreRefused() {
        assertRejected(
                withOrders(TestSession.coordinator(), 0)
                        .withPropertyValues("camure.sessions.new-orders.groups.startLine.type=barrier"),
                "camure.groups.start-line and camure.sessions.new-orders.groups.startLine",
                "another name");
    }

    @Test
    void sessionsThatAreTheSameInCamelCaseAreRefused() {
        assertRejected(
                withOrders(TestSession.application(), 0)
                        .withPropertyValues(
                                "camure.sessions.newOrders.role=member",
                                "camure.sessions.newOrders.member.coordinator-address=127.0.0.1:9"),
                "sessions new-orders and newOrders",
                "another name");
    }

    @Test
    void aSessionWithoutARoleIsRefused() {
        assertRejected(
                TestSession.application().withPropertyValues("camure.sessions.lost.name=me"),
                "There is a session 'lost'",
                "camure.sessions.lost.role is not set");
    }

    @Test
    void theNameOfTheUnnamedSessionIsRefused() {
        assertRejected(
                TestSession.application().withPropertyValues("camure.sessions.default.role=member"),
                "camure.sessions.default",
                "another name");
    }

    @Test
    void errorsNameThePropertyOfTheSession() {
        TestSession.application()
                .withPropertyValues("camure.sessions.new-orders.role=member")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("camure.sessions.new-orders.role is member, but"
                                + " camure.sessions.new-orders.member.coordinator-address is not set"));
    }
}
