package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.meet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CoordinatorBarrier;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.session.SessionBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/** Sessions start and stop with their context, as often as it does. */
class SessionLifecycleTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @Test
    void nodesMeetAtABarrierAndAMessageArrives() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    assertThat(meet(coordinator, member).size()).isEqualTo(2);
                    coordinator.getBean(BroadcastGroup.class).send("hello".getBytes());
                    assertThat(member.getBean(BroadcastReceiver.class).receive(TestSession.SOON))
                            .hasValueSatisfying(
                                    message -> assertThat(message.inputStream()).hasContent("hello"));
                }));
    }

    @Test
    void aStoppedMemberHasLeftAndComesBackWhenStarted() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    ConfigurableApplicationContext context = member.getSourceApplicationContext();
                    CoordinatorBarrier startLine = coordinator.getBean("start-line", CoordinatorBarrier.class);
                    meet(coordinator, member);
                    context.stop();
                    await().atMost(TestSession.SOON)
                            .untilAsserted(() -> assertThat(startLine.members()).isEmpty());
                    context.start();
                    meet(coordinator, member);
                }));
    }

    @Test
    void aStoppedCoordinatorFreesItsPortAndCanBeStartedAgain() {
        int port = TestSession.freePort();
        TestSession.coordinator(port).run(coordinator -> {
            TestSession.member(port).run(member -> meet(coordinator, member));
            coordinator.getSourceApplicationContext().stop();
            assertThat(TestSession.isFree(port)).isTrue();
            TestSession.assertNoThreadIsLeft();
            coordinator.getSourceApplicationContext().start();
            assertThat(TestSession.isFree(port)).isFalse();
            TestSession.member(port).run(member -> meet(coordinator, member));
        });
        assertThat(TestSession.isFree(port)).isTrue();
    }

    @Test
    void whatWasStartedEndsWhenTheContextFailsLater() {
        int port = TestSession.freePort();
        TestSession.coordinator(port)
                .withBean("late", FailingListener.class, () -> new FailingListener(port))
                .run(context -> assertThat(context).getFailure().hasMessage("refused"));
        assertThat(TestSession.isFree(port)).isTrue();
    }

    @Test
    void theSessionIsThereBeforeWhatNeedsItAndGoesAfterIt() {
        assertThat(SessionBinding.PHASE).isLessThan(ListenerRegistry.PHASE);
        TestSession.coordinator().run(context -> {
            assertThat(context.getBean(SessionBinding.class).getPhase()).isEqualTo(Integer.MAX_VALUE - 4096);
            assertThat(context.getBean(ListenerRegistry.class).getPhase()).isEqualTo(Integer.MAX_VALUE - 100);
        });
    }

    /** Fails the refresh of its context once the session is up: Spring then destroys beans without stopping them. */
    private record FailingListener(int port) implements ApplicationListener<ContextRefreshedEvent> {

        @Override
        public void onApplicationEvent(ContextRefreshedEvent event) {
            assertThat(TestSession.isFree(port)).isFalse();
            throw new IllegalStateException("refused");
        }
    }
}
