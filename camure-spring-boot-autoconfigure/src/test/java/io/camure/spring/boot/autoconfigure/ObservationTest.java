package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.DeliveryTimeoutException;
import io.camure.GroupConfig;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.spring.observation.CamureListenerObservationContext;
import io.camure.spring.observation.CamureObservation;
import io.camure.spring.observation.DefaultCamureListenerObservationConvention;
import io.camure.spring.observation.DefaultCamureSenderObservationConvention;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What Micrometer is told of listeners and senders. */
class ObservationTest {

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    static class Listener {
        @CamureListener(group = "files", id = "board")
        void on(String content) {
            if (content.equals("bad")) {
                throw new IllegalArgumentException("on purpose");
            }
        }
    }

    private ApplicationContextRunner observed(ApplicationContextRunner runner) {
        return runner.withBean(ObservationRegistry.class, () -> registry);
    }

    private void assertObserved(Consumer<TestObservationRegistryAssert> requirement) {
        // An observation ends after what it observes.
        await().atMost(TestSession.SOON)
                .untilAsserted(() -> requirement.accept(TestObservationRegistryAssert.assertThat(registry)));
    }

    @Test
    void eachMessageThatAListenerIsGiven() {
        TestSession.coordinator()
                .run(coordinator -> observed(TestSession.memberOf(coordinator))
                        .withBean(Listener.class)
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            assertObserved(of -> of.hasSingleObservationThat()
                                    .hasBeenStarted()
                                    .hasBeenStopped()
                                    .hasNameEqualTo("camure.process")
                                    .hasContextualNameEqualTo("process files")
                                    .hasLowCardinalityKeyValue("messaging.system", "camure")
                                    .hasLowCardinalityKeyValue("messaging.operation", "process")
                                    .hasLowCardinalityKeyValue("messaging.destination.name", "files")
                                    .hasLowCardinalityKeyValue("camure.listener.id", "board")
                                    .hasHighCardinalityKeyValue("camure.node", "member")
                                    .doesNotHaveError());

                            coordinator.getBean(BroadcastGroup.class).send("bad".getBytes());
                            assertObserved(of -> of.hasNumberOfObservationsWithNameEqualTo("camure.process", 2)
                                    .hasAnObservation(each ->
                                            each.hasError().thenError().isInstanceOf(IllegalArgumentException.class)));
                        }));
    }

    @Test
    void eachMessageThatIsSentByABeanOrTheTemplateOrToAGroupInCode() {
        observed(TestSession.coordinator()).run(coordinator -> {
            CamureGroups groups = coordinator.getBean(CamureGroups.class);
            BroadcastGroup group = groups.createBroadcast("news", GroupConfig.defaults());
            group.send(new byte[3]);
            coordinator.getBean(CamureTemplate.class).send("news", "text");
            TestObservationRegistryAssert.assertThat(registry)
                    .hasNumberOfObservationsWithNameEqualTo("camure.send", 2)
                    .forAllObservationsWithNameEqualTo(
                            "camure.send",
                            each -> each.hasContextualNameEqualTo("send news")
                                    .hasLowCardinalityKeyValue("messaging.operation", "send")
                                    .hasLowCardinalityKeyValue("messaging.destination.name", "news")
                                    .hasHighCardinalityKeyValue("camure.node", "coordinator")
                                    .doesNotHaveError());
        });
    }

    @Test
    void whatSendingFailsWithIsThrownAsItIs() {
        observed(TestSession.coordinator())
                .withPropertyValues("camure.groups.files.timeout=10ms")
                .run(coordinator -> {
                    assertThatExceptionOfType(DeliveryTimeoutException.class)
                            .isThrownBy(() -> coordinator
                                    .getBean("files", BroadcastGroup.class)
                                    .send(new byte[1]));
                    TestObservationRegistryAssert.assertThat(registry)
                            .hasSingleObservationThat()
                            .hasError()
                            .thenError()
                            .isInstanceOf(DeliveryTimeoutException.class);
                });
    }

    static class Renamed extends DefaultCamureListenerObservationConvention {
        @Override
        public String getContextualName(CamureListenerObservationContext context) {
            return context.getListenerId() + " of " + context.getNode();
        }
    }

    static class RenamedSending extends DefaultCamureSenderObservationConvention {
        @Override
        public String getName() {
            return "shop.send";
        }
    }

    @Test
    void aBeanSaysHowTheyAreCalled() {
        observed(TestSession.coordinator())
                .withBean(RenamedSending.class)
                .run(coordinator -> observed(TestSession.memberOf(coordinator))
                        .withBean(Renamed.class)
                        .withBean(Listener.class)
                        .withPropertyValues("spring.main.lazy-initialization=true")
                        .run(member -> {
                            coordinator.getBean(BroadcastGroup.class).send("good".getBytes());
                            assertObserved(of -> of.hasObservationWithNameEqualTo("shop.send")
                                    .that()
                                    .hasBeenStopped());
                            assertObserved(of -> of.hasObservationWithNameEqualTo("camure.process")
                                    .that()
                                    .hasContextualNameEqualTo("board of member"));
                        }));
    }

    @Test
    void onePropertyTurnsThemOff() {
        observed(TestSession.coordinator())
                .withPropertyValues("camure.observation.enabled=false")
                .run(coordinator -> {
                    coordinator
                            .getBean(CamureGroups.class)
                            .createBroadcast("news", GroupConfig.defaults())
                            .send(new byte[3]);
                    TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
                    assertThat(coordinator).doesNotHaveBean(CamureObservationAutoConfiguration.class);
                });
    }

    @Test
    void withActuatorTheyAreTimersBesideTheMeters() {
        TestSession.metered(TestSession.coordinator())
                .withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
                .run(coordinator -> {
                    coordinator
                            .getBean(CamureGroups.class)
                            .createBroadcast("news", GroupConfig.defaults())
                            .send(new byte[3]);
                    assertThat(timer(coordinator).count()).isOne();
                });
    }

    @Test
    void timersOfAGroupGoWithIt() {
        TestSession.metered(TestSession.coordinator())
                .withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
                .run(coordinator -> {
                    CamureGroups groups = coordinator.getBean(CamureGroups.class);
                    for (String name : List.of("news", "more")) {
                        groups.createBroadcast(name, GroupConfig.defaults()).send(new byte[3]);
                    }
                    groups.remove("more");
                    assertThat(timer(coordinator).count()).isOne();
                    assertThat(coordinator.getBean(MeterRegistry.class).getMeters())
                            .flatExtracting(meter -> meter.getId().getTags())
                            .extracting(Tag::getValue)
                            .contains("news")
                            .doesNotContain("more");
                });
    }

    private static Timer timer(ApplicationContext context) {
        return context.getBean(MeterRegistry.class)
                .get(CamureObservation.SEND.getName())
                .tag("messaging.destination.name", "news")
                .timer();
    }
}
