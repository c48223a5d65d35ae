package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureListener;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import tools.jackson.databind.json.JsonMapper;

/** Listeners that can't work keep the application from starting, and say what to change. */
class ListenerRefusalTest {

    /** Nobody has to answer there: refusals come before the session is started. */
    private final ApplicationContextRunner member = TestSession.member(9);

    @AfterEach
    void nothingWasStarted() {
        TestSession.assertNoThreadIsLeft();
    }

    private static void assertRefused(AssertableApplicationContext context, String... parts) {
        assertThat(context)
                .getFailure()
                .isInstanceOf(CamureConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    static class FilesListener {
        @CamureListener(group = "files")
        void on(String content) {}
    }

    static class OtherFilesListener {
        @CamureListener(group = "files")
        void on(String content) {}
    }

    @Test
    void aSecondListenerOfAGroup() {
        member.withBean(FilesListener.class)
                .withBean(OtherFilesListener.class)
                .run(context -> assertRefused(
                        context,
                        "FilesListener.on",
                        "OtherFilesListener.on",
                        "'files'",
                        "Call one of them from the other"));
    }

    static class UnknownListener {
        @CamureListener(group = "${nothing:flies}")
        void on(String content) {}
    }

    @Test
    void aGroupThatDoesNotExist() {
        member.withBean(UnknownListener.class)
                .run(context -> assertRefused(context, "UnknownListener.on", "'flies'", "no such group", "[files]"));
    }

    static class BarrierListener {
        @CamureListener(group = "start-line")
        void on(String content) {}
    }

    @Test
    void aBarrier() {
        member.withBean(BarrierListener.class)
                .run(context -> assertRefused(context, "BarrierListener.on", "'start-line'", "barrier", "[files]"));
    }

    @Test
    void aListenerAtTheCoordinator() {
        TestSession.coordinator()
                .withBean(FilesListener.class)
                .run(context ->
                        assertRefused(context, "FilesListener.on", "is the coordinator", "@ConditionalOnProperty"));
    }

    @Test
    void aListenerWithoutASession() {
        TestSession.application()
                .withBean(FilesListener.class)
                .run(context ->
                        assertRefused(context, "FilesListener.on", "no camure session", "Set camure.role to member"));
    }

    @Test
    void aListenerOfADisabledSessionIsLeftAlone() {
        member.withBean(FilesListener.class)
                .withPropertyValues("camure.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aListenerOfASessionThatIsDisabledAfterProcessingAheadOfTimeIsLeftAlone() throws Exception {
        // The conditions were evaluated at build time, so that the beans are there all the same.
        DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
        CamureProperties disabled = new Binder(new MapConfigurationPropertySource(Map.of("camure.enabled", "false")))
                .bindOrCreate("camure", CamureProperties.class);
        CamureListeners listeners = new CamureListeners(
                beanFactory.getBeanProvider(CamureSessions.class), disabled, new ListenerMethods(beanFactory, null));
        listeners.add(new FilesListener(), FilesListener.class.getDeclaredMethod("on", String.class), "files");
        listeners.start();
    }

    static class NoParameter {
        @CamureListener(group = "files")
        void on() {}
    }

    static class TwoParameters {
        @CamureListener(group = "files")
        void on(String content, int number) {}
    }

    static class Answering {
        @CamureListener(group = "files")
        String on(String content) {
            return content;
        }
    }

    @Test
    void aMethodThatDoesNotTakeOneMessageAndReturnNothing() {
        for (Class<?> type : new Class<?>[] {NoParameter.class, TwoParameters.class, Answering.class}) {
            member.withBean(type)
                    .run(context -> assertRefused(
                            context,
                            type.getSimpleName() + ".on",
                            "return nothing and have one parameter",
                            "InputStream"));
        }
    }

    static class HeaderListener {
        @CamureListener(group = "files")
        void on(@Header("name") String name) {}
    }

    static class SpringMessageListener {
        @CamureListener(group = "files")
        void on(Message<String> message) {}
    }

    @Test
    void aMethodThatWantsHeaders() {
        for (Class<?> type : new Class<?>[] {HeaderListener.class, SpringMessageListener.class}) {
            member.withBean(type)
                    .run(context ->
                            assertRefused(context, type.getSimpleName() + ".on", "no headers", "io.camure.Message"));
        }
    }

    static class PriceListener {
        @CamureListener(group = "files")
        void on(ListenerTest.Price price) {}
    }

    @Test
    void anObjectInAnApplicationWithoutJackson() {
        member.withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(PriceListener.class)
                .run(context -> assertRefused(context, "PriceListener.on", "Price", "spring-boot-starter-jackson"));
    }

    static class RunnableListener implements Runnable {
        @Override
        public void run() {}

        @CamureListener(group = "files")
        public void on(String content) {}
    }

    @Test
    void aBeanBehindAProxyThatDoesNotHaveTheMethod() {
        Supplier<Runnable> proxy = () -> {
            ProxyFactory factory = new ProxyFactory(new RunnableListener());
            factory.setProxyTargetClass(false);
            return (Runnable) factory.getProxy();
        };
        member.withBean("listener", Runnable.class, proxy)
                .run(context -> assertRefused(context, "RunnableListener.on", "proxy", "CGLIB"));
    }
}
