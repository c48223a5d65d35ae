package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureListener;
import io.camure.spring.listener.ListenerBean;
import io.camure.spring.listener.ListenerFactory;
import io.camure.spring.listener.ListenerMethods;
import io.camure.spring.listener.ListenerRegistry;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.SessionBindings;
import jakarta.validation.Valid;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import tools.jackson.databind.json.JsonMapper;

/** Listeners that can't work keep the application from starting, and say what to change. */
class ListenerRefusalTest {

    /** Nobody has to answer there: refusals come before the session is started. */
    private final ApplicationContextRunner member = TestSession.member(9);

    @AfterEach
    void nothingWasStarted() {
        TestSession.assertNoThreadIsLeft();
    }

    private static void assertRejected(AssertableApplicationContext context, String... parts) {
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
    void aSecondListenerOfAGroupWithoutAnId() {
        member.withBean(FilesListener.class)
                .withBean(OtherFilesListener.class)
                .run(context -> assertRejected(
                        context,
                        "FilesListener.on",
                        "OtherFilesListener.on",
                        "have the id 'files'",
                        "Give each listener an id of its own"));
    }

    static class UnknownListener {
        @CamureListener(group = "${nothing:flies}")
        void on(String content) {}
    }

    @Test
    void aGroupThatDoesNotExist() {
        member.withBean(UnknownListener.class)
                .run(context -> assertRejected(context, "UnknownListener.on", "'flies'", "no such group", "[files]"));
    }

    static class BarrierListener {
        @CamureListener(group = "start-line")
        void on(String content) {}
    }

    @Test
    void aBarrier() {
        member.withBean(BarrierListener.class)
                .run(context -> assertRejected(context, "BarrierListener.on", "'start-line'", "barrier", "[files]"));
    }

    @Test
    void aListenerAtTheCoordinator() {
        TestSession.coordinator()
                .withBean(FilesListener.class)
                .run(context ->
                        assertRejected(context, "FilesListener.on", "is the coordinator", "@ConditionalOnProperty"));
    }

    @Test
    void aListenerWithoutASession() {
        TestSession.application()
                .withBean(FilesListener.class)
                .run(context ->
                        assertRejected(context, "FilesListener.on", "no camure session", "Set camure.role to member"));
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
        ListenerMethods methods = new ListenerMethods(beanFactory, PayloadConverter.of(List.of(), null), null);
        ListenerRegistry listeners = new ListenerRegistry(
                new SessionBindings(Stream.empty()),
                false,
                new ListenerFactory(beanFactory, methods, false, session -> 1));
        Method method = FilesListener.class.getDeclaredMethod("on", String.class);
        listeners.add(
                new ListenerBean(FilesListener.class, FilesListener::new),
                method,
                method.getAnnotation(CamureListener.class));
        listeners.start();
        assertThat(listeners.endpoints()).isEmpty();
    }

    static class PartOfAMessage {
        @CamureListener(group = "files")
        void on(@Payload("length") String length) {}
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

    static class HeaderOnly {
        @CamureListener(group = "files")
        void on(@Header("name") String name) {}
    }

    static class StreamInMessage {
        @CamureListener(group = "files")
        void on(Message<InputStream> message) {}
    }

    @Test
    void aMethodThatDoesNotTakeOneMessageAndReturnNothing() {
        Map.of(
                        NoParameter.class, "it has 0 for that",
                        HeaderOnly.class, "it has 0 for that",
                        TwoParameters.class, "it has 2 for that",
                        StreamInMessage.class, "take that alone",
                        PartOfAMessage.class, "@Payload can't have an expression",
                        Answering.class, "it returns String")
                .forEach((type, reason) -> member.withConfiguration(
                                AutoConfigurations.of(JacksonAutoConfiguration.class))
                        .withBean(type)
                        .run(context -> assertRejected(context, type.getSimpleName() + ".on", reason)));
    }

    static class QueueOfWords {
        @CamureListener(group = "files", queueCapacity = "many")
        void on(String content) {}
    }

    static class DropWithoutQueue {
        @CamureListener(group = "files", onFull = CamureListener.OnFull.DROP_OLDEST)
        void on(String content) {}
    }

    static class LatestOfMany {
        @CamureListener(group = "files", queueCapacity = "8", onFull = CamureListener.OnFull.LATEST)
        void on(String content) {}
    }

    static class LatestStream {
        @CamureListener(group = "files", onFull = CamureListener.OnFull.LATEST)
        void on(InputStream content) {}
    }

    static class QueueOfStreams {
        @CamureListener(group = "files", queueCapacity = "10")
        void on(InputStream content) {}
    }

    static class StartsPerhaps {
        @CamureListener(group = "files", autoStartup = "perhaps")
        void on(String content) {}
    }

    static class NoSuchHandler {
        @CamureListener(group = "files", errorHandler = "nobody")
        void on(String content) {}
    }

    static class NoCondition {
        @CamureListener(group = "files", condition = "#content ===")
        void on(String content) {}
    }

    @Test
    void attributesThatDoNotWork() {
        Map.of(
                        QueueOfWords.class, "queueCapacity = many",
                        DropWithoutQueue.class, "onFull = DROP_OLDEST, which is not allowed. Give it a queueCapacity",
                        QueueOfStreams.class, "take the content as byte[]",
                        LatestOfMany.class,
                                "onFull = LATEST and queueCapacity = 8, which is not allowed. Leave queueCapacity out",
                        LatestStream.class, "onFull = LATEST, which is not allowed. Leave it out",
                        StartsPerhaps.class, "Set it to true or false",
                        NoSuchHandler.class, "Name a bean that is a CamureListenerErrorHandler",
                        NoCondition.class, "condition = #content ===")
                .forEach((type, reason) -> member.withBean(type)
                        .run(context -> assertRejected(context, type.getSimpleName() + ".on", reason)));
    }

    static class TwoWithOneId {
        @CamureListener(group = "files", id = "mine")
        void on(String content) {}

        @CamureListener(group = "other", id = "mine")
        void onOther(String content) {}
    }

    @Test
    void twoListenersWithOneId() {
        member.withPropertyValues("camure.groups.other.type=broadcast", "camure.groups.other.id=2")
                .withBean(TwoWithOneId.class)
                .run(context -> assertRejected(
                        context, "TwoWithOneId.on ", "TwoWithOneId.onOther", "have the id 'mine'", "an id of its own"));
    }

    static class ValidListener {
        @CamureListener(group = "files")
        void on(@Valid ListenerTest.Price price) {}
    }

    @Test
    void validationInAnApplicationWithout() {
        member.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .withBean(ValidListener.class)
                .run(context -> assertRejected(context, "ValidListener.on", "spring-boot-starter-validation"));
    }

    /** What Spring MVC has as a bean in an application without validation. */
    static class NoValidator implements Validator {

        @Override
        public boolean supports(Class<?> type) {
            return false;
        }

        @Override
        public void validate(Object target, Errors errors) {}
    }

    @Test
    void validationByAValidatorThatChecksNothing() {
        ApplicationContextRunner web = member.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .withBean("mvcValidator", Validator.class, NoValidator::new);
        web.withBean(ValidListener.class)
                .run(context -> assertRejected(context, "ValidListener.on", "spring-boot-starter-validation"));
        web.withPropertyValues("camure.member.startup=background")
                .withBean(PriceListener.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    static class PriceListener {
        @CamureListener(group = "files")
        void on(ListenerTest.Price price) {}
    }

    @Test
    void anObjectInAnApplicationWithoutJackson() {
        member.withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(PriceListener.class)
                .run(context -> assertRejected(context, "PriceListener.on", "Price", "spring-boot-starter-jackson"));
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
                .run(context -> assertRejected(context, "RunnableListener.on", "proxy", "CGLIB"));
    }
}
