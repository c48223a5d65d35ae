package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.CamureTemplate;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/** What the application has itself is not made for it, and nothing is in one that wants nothing. */
class BackOffTest {

    static Stream<Arguments> beansOfTheApplication() {
        return Stream.of(
                Arguments.of("own", CamureConnectionDetails.class, new CamureConnectionDetails() {
                    @Override
                    public String getBindAddress(String session) {
                        return "127.0.0.1:0";
                    }

                    @Override
                    public String getMulticastAddress(String session) {
                        return "239.255.74.0:" + TestSession.freePort();
                    }
                }),
                Arguments.of("own", CamureGroups.class, nothing(CamureGroups.class)),
                Arguments.of(
                        "own",
                        CamureTemplate.class,
                        new CamureTemplate(
                                nothing(CamureGroups.class),
                                new StringMessageConverter(),
                                (group, delivery) -> delivery)),
                Arguments.of("own", ApplicationAvailability.class, new ApplicationAvailabilityBean()),
                Arguments.of("camureMeters", MeterBinder.class, (MeterBinder) registry -> {}),
                Arguments.of("camureListenerMeters", MeterBinder.class, (MeterBinder) registry -> {}),
                Arguments.of(
                        "camureHealthContributor",
                        CompositeHealthContributor.class,
                        CompositeHealthContributor.fromMap(Map.of())),
                Arguments.of("camureJsonMessageConverter", MessageConverter.class, new JacksonJsonMessageConverter()));
    }

    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> null;
                }));
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("beansOfTheApplication")
    <T> void aBeanOfTheApplicationIsUsed(String name, Class<T> type, T bean) {
        TestSession.coordinator().withBean(name, type, () -> bean).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(name)).isSameAs(bean);
            if (name.equals("own")) {
                assertThat(context).hasSingleBean(type);
            }
        });
    }

    static class Injected {

        private final CamureListenerEndpointRegistry registry;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        Injected(CamureListenerEndpointRegistry registry) {
            this.registry = registry;
        }

        @CamureListener("files")
        void on(String message) {
            received.add(message);
        }
    }

    @Test
    void aListenerRegistryOfTheApplicationIsInjectedAndListenersWorkOn() {
        CamureListenerEndpointRegistry own = nothing(CamureListenerEndpointRegistry.class);
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean("own", CamureListenerEndpointRegistry.class, () -> own)
                        .withBean(Injected.class)
                        .run(member -> {
                            Injected injected = member.getBean(Injected.class);
                            assertThat(injected.registry).isSameAs(own);
                            coordinator.getBean(CamureTemplate.class).send("files", "heard");
                            assertThat(injected.received.poll(20, TimeUnit.SECONDS))
                                    .isEqualTo("heard");
                        }));
    }

    @Test
    void anApplicationThatIsSwitchedOffHasNoSessionGroupOrMeter() {
        TestSession.coordinator()
                .withPropertyValues("camure.enabled=false")
                .run(context -> assertThat(context.getBeanDefinitionNames())
                        .noneMatch(name -> name.startsWith("camure") || name.equals("start-line")));
    }
}
