package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Member;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.SessionNotRunningException;
import jakarta.annotation.PostConstruct;
import org.junit.jupiter.api.Test;
import org.springframework.aop.SpringProxy;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.DecoratingProxy;

class SessionBeansTest {

    record AtCoordinator(
            Coordinator coordinator,
            CoordinatorBarrier startLine,
            @Qualifier("finish") Barrier second,
            BroadcastGroup onlyBroadcast) {}

    record AtMember(
            Member member, @Qualifier("start-line") Barrier first, Barrier finish, BroadcastReceiver onlyBroadcast) {}

    @Test
    void theCoordinatorHasItsBeansInjected() {
        TestSession.coordinator().withBean(AtCoordinator.class).run(context -> {
            AtCoordinator beans = context.getBean(AtCoordinator.class);
            assertThat(beans.coordinator().name()).isEqualTo("coordinator");
            assertThat(beans.startLine().id()).isZero();
            assertThat(beans.startLine().expectedMembers()).isOne();
            assertThat(beans.second().id()).isEqualTo(7);
            assertThat(beans.onlyBroadcast().id()).isOne();
            assertThat(context).doesNotHaveBean(Member.class);
        });
    }

    @Test
    void aMemberHasItsBeansInjected() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(AtMember.class)
                        .run(context -> {
                            AtMember beans = context.getBean(AtMember.class);
                            assertThat(beans.member().name()).isEqualTo("member");
                            assertThat(beans.first().id()).isZero();
                            assertThat(beans.finish().id()).isEqualTo(7);
                            assertThat(beans.onlyBroadcast().id()).isOne();
                            assertThat(context).doesNotHaveBean(Coordinator.class);
                        }));
    }

    @Test
    void groupsOfACoordinatorNeedNoId() {
        TestSession.coordinatorWithoutGroups(0)
                .withPropertyValues(
                        "camure.groups.any.type=barrier", "camure.groups.zero.type=barrier", "camure.groups.zero.id=0")
                .run(context -> {
                    assertThat(context.getBean("zero", Barrier.class).id()).isZero();
                    assertThat(context.getBean("any", Barrier.class).id()).isOne();
                });
    }

    @Test
    void theCamelCaseNameGivesWayToABeanOfTheUser() {
        TestSession.coordinator()
                .withAllowBeanDefinitionOverriding(true)
                .withBean("startLine", String.class, () -> "mine")
                .run(context -> {
                    assertThat(context.getBean("startLine")).isEqualTo("mine");
                    assertThat(context.getBean("start-line")).isInstanceOf(CoordinatorBarrier.class);
                });
    }

    @Test
    void aBeanOfTheUserWithTheNameOfAGroupIsNamed() {
        TestSession.coordinator()
                .withBean("start-line", String.class, () -> "mine")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining("camure.groups.start-line")
                        .hasMessageContaining("Rename the group or that bean"));
    }

    @Test
    void aBeanOfTheUserWithTheNameOfASenderIsNamed() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.payload-type=java.lang.String")
                .withBean("filesSender", String.class, () -> "mine")
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContainingAll(
                                "camure.groups.files", "bean filesSender already", "Rename the group or that bean"));
    }

    static class TooEarly {
        @Autowired
        Barrier startLine;

        @PostConstruct
        void await() throws InterruptedException {
            startLine.await();
        }
    }

    @Test
    void aBeanThatIsUsedBeforeTheSessionHasStartedSaysSo() {
        TestSession.coordinator()
                .withBean(TooEarly.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(SessionNotRunningException.class)
                        .hasMessageContainingAll(
                                "coordinator", "barrier 'start-line'", "not been started", "ApplicationRunner"));
    }

    @Test
    void beansOfAStoppedSessionCanBeAskedAndClosedButNotUsed() {
        TestSession.coordinator().run(context -> {
            Coordinator coordinator = context.getBean(Coordinator.class);
            CoordinatorBarrier startLine = context.getBean("start-line", CoordinatorBarrier.class);
            context.getSourceApplicationContext().stop();

            assertThat(coordinator.isOpen()).isFalse();
            assertThat(coordinator.name()).isEqualTo("coordinator");
            assertThat(startLine.isOpen()).isFalse();
            assertThat(startLine.id()).isZero();
            assertThat(startLine).hasToString("coordinator: barrier 'start-line'");
            startLine.close();
            assertThatExceptionOfType(SessionNotRunningException.class)
                    .isThrownBy(startLine::await)
                    .withMessageContaining("was stopped");
            assertThatExceptionOfType(SessionNotRunningException.class)
                    .isThrownBy(coordinator::address)
                    .withMessageContaining("the coordinator can't be used now");
        });
    }

    @Test
    void aNativeImageKnowsTheProxies() {
        RuntimeHints hints = new RuntimeHints();
        new CamureRuntimeHints().registerHints(hints, null);
        TestSession.coordinator().run(context -> {
            assertThat(context.getBean("start-line").getClass().getInterfaces())
                    .containsExactly(CoordinatorBarrier.class, SpringProxy.class, DecoratingProxy.class);
            for (Object bean : context.getBeansOfType(AutoCloseable.class).values()) {
                assertThat(RuntimeHintsPredicates.proxies()
                                .forInterfaces(bean.getClass().getInterfaces()))
                        .accepts(hints);
            }
        });
    }
}
