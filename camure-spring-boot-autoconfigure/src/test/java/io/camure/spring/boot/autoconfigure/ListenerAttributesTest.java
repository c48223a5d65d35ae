package io.camure.spring.boot.autoconfigure;

import static io.camure.spring.boot.autoconfigure.TestSession.listeners;
import static io.camure.spring.boot.autoconfigure.TestSession.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastReceiver;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerErrorHandler;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.AliasFor;

/** What the attributes of a listener do. */
class ListenerAttributesTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static ApplicationContextRunner withNews(ApplicationContextRunner runner) {
        return runner.withPropertyValues("camure.groups.news.type=broadcast", "camure.groups.news.id=2");
    }

    static class Repeated extends ReceivingListener {
        @CamureListener("files")
        @CamureListener(group = "#{'ne' + 'ws'}", id = "${its-id}")
        void on(String content) {
            queue.add(content);
        }
    }

    @Test
    void oneMethodListensToSeveralGroups() {
        withNews(TestSession.coordinator())
                .run(coordinator -> withNews(TestSession.memberOf(coordinator))
                        .withPropertyValues("its-id=newspaper")
                        .withBean(Repeated.class)
                        .run(member -> {
                            Repeated listener = member.getBean(Repeated.class);
                            send(coordinator, "files", "file");
                            assertThat(listener.next()).isEqualTo("file");
                            send(coordinator, "news", "paper");
                            assertThat(listener.next()).isEqualTo("paper");
                            assertThat(listeners(member).endpoints())
                                    .extracting(CamureListenerEndpoint::id)
                                    .containsExactlyInAnyOrder("files", "newspaper");
                            assertThat(listeners(member).endpoint("newspaper").group())
                                    .isEqualTo("news");
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> listeners(member).endpoint("news"))
                                    .withMessageContainingAll("'news'", "newspaper");
                        }));
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @CamureListener(queueCapacity = "3")
    @interface QueuedListener {
        @AliasFor(annotation = CamureListener.class, attribute = "group")
        String of();
    }

    static class MetaAnnotated extends ReceivingListener {
        @QueuedListener(of = "files")
        void on(String content) {
            queue.add(content);
        }
    }

    @Test
    void anAnnotationOfTheApplicationMakesAListener() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(MetaAnnotated.class)
                        .run(member -> {
                            assertThat(listeners(member).endpoint("files").queueCapacity())
                                    .isEqualTo(3);
                            send(coordinator, "files", "hello");
                            assertThat(member.getBean(MetaAnnotated.class).next())
                                    .isEqualTo("hello");
                        }));
    }

    static class NotStarted extends ReceivingListener {
        @CamureListener(group = "files", autoStartup = "${starts}")
        void on(String content) {
            queue.add(content);
        }
    }

    @Test
    void aListenerIsStartedAndStoppedByItsId() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withPropertyValues("starts=false")
                        .withBean(NotStarted.class)
                        .run(member -> {
                            NotStarted listener = member.getBean(NotStarted.class);
                            CamureListenerEndpoint endpoint = listeners(member).endpoint("files");
                            assertThat(endpoint.isRunning()).isFalse();
                            send(coordinator, "files", "first");
                            endpoint.start();
                            assertThat(endpoint.isRunning()).isTrue();
                            assertThat(listener.next()).isEqualTo("first");
                            assertThat(endpoint.stop()).succeedsWithin(TestSession.SOON);
                            assertThat(endpoint.isRunning()).isFalse();
                            send(coordinator, "files", "second");
                            assertThat(member.getBean(BroadcastReceiver.class)
                                            .receive(TestSession.SOON)
                                            .orElseThrow()
                                            .inputStream())
                                    .hasContent("second");
                            assertThat(listener.queue).isEmpty();
                        }));
    }

    static class Picky extends ReceivingListener {

        @CamureListener(
                group = "files",
                condition =
                        "#content.startsWith('a') and headers['camure_sequence'] > 1 and @wanted.contains(#content)")
        void on(String content) {
            queue.add(content);
        }
    }

    @Test
    void messagesThatDoNotMeetTheConditionArePassedOver() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean("wanted", List.class, () -> List.of("a", "ab", "b"))
                        .withBean(Picky.class)
                        .run(member -> {
                            send(coordinator, "files", "a", "b", "ax", "ab");
                            assertThat(member.getBean(Picky.class).next()).isEqualTo("ab");
                        }));
    }

    static class Failing extends ReceivingListener {
        @CamureListener(group = "files", errorHandler = "handler")
        void on(String content) {
            throw new IllegalStateException(content);
        }
    }

    @Test
    void theErrorHandlerIsToldAndAnEventPublished() {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        CamureListenerErrorHandler handler = (listener, message, failure) -> {
            handled.add(listener.id() + " " + failure.getMessage() + " "
                    + new String((byte[]) message.getPayload(), StandardCharsets.UTF_8));
            throw new IllegalStateException("the handler has failed, too", failure);
        };
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean("handler", CamureListenerErrorHandler.class, () -> handler)
                        .withBean(Failing.class)
                        .run(member -> {
                            send(coordinator, "files", "one", "two");
                            assertThat(handled.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS))
                                    .isEqualTo("files one one");
                            assertThat(handled.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS))
                                    .isEqualTo("files two two");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(member.getBean(Failing.class).failures)
                                            .extracting(failure -> failure.session() + " " + failure.node() + " "
                                                    + failure.group() + " " + failure.listener() + " "
                                                    + failure.failure().getMessage())
                                            .containsExactly(
                                                    "default member files files one",
                                                    "default member files files two"));
                        }));
    }

    record Note(String text) {}

    static class ForNativeImages {
        @CamureListener("files")
        void once(Note note) {}

        @CamureListener("files")
        @CamureListener("news")
        void twice(String text) {}
    }

    @Test
    void aNativeImageKnowsTheMethodsAndWhatTheyTake() throws Exception {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, ForNativeImages.class);
        for (Method method : List.of(
                ForNativeImages.class.getDeclaredMethod("once", Note.class),
                ForNativeImages.class.getDeclaredMethod("twice", String.class))) {
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(Note.class.getDeclaredConstructor(String.class)))
                .accepts(hints);
    }
}
