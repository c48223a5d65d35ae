package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.ListenerQueueFullException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.AliasFor;

/** What the attributes of a listener do. */
class ListenerAttributesTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Received {

        final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        final List<ListenerFailedEvent> failures = new CopyOnWriteArrayList<>();

        @EventListener
        void on(ListenerFailedEvent failure) {
            failures.add(failure);
        }

        @Nullable
        String next() throws InterruptedException {
            return queue.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void send(ApplicationContext coordinator, String group, String... messages) throws Exception {
        for (String message : messages) {
            coordinator.getBean(group, BroadcastGroup.class).send(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ApplicationContextRunner withNews(ApplicationContextRunner runner) {
        return runner.withPropertyValues("camure.groups.news.type=broadcast", "camure.groups.news.id=2");
    }

    private static CamureListenerEndpointRegistry registry(ApplicationContext context) {
        return context.getBean(CamureListenerEndpointRegistry.class);
    }

    static class Repeated extends Received {
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
                            assertThat(registry(member).endpoints())
                                    .extracting(CamureListenerEndpoint::id)
                                    .containsExactlyInAnyOrder("files", "newspaper");
                            assertThat(registry(member).endpoint("newspaper").group())
                                    .isEqualTo("news");
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> registry(member).endpoint("news"))
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

    static class MetaAnnotated extends Received {
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
                            assertThat(registry(member).endpoint("files").queueCapacity())
                                    .isEqualTo(3);
                            send(coordinator, "files", "hello");
                            assertThat(member.getBean(MetaAnnotated.class).next())
                                    .isEqualTo("hello");
                        }));
    }

    static class NotStarted extends Received {
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
                            CamureListenerEndpoint endpoint = registry(member).endpoint("files");
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

    static class Picky extends Received {

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

    static class Failing extends Received {
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

    /** Handles a message when it is let. */
    abstract static class Slow extends Received {

        final Semaphore permits = new Semaphore(0);

        void take(String content) throws InterruptedException {
            queue.add(content);
            permits.acquire();
        }
    }

    static class Waiting extends Slow {
        @CamureListener(group = "files", queueCapacity = "2")
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class Dropping extends Slow {
        @CamureListener(group = "files", queueCapacity = "2", onFull = OnFull.DROP)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    static class LeavingWhenFull extends Slow {
        @CamureListener(group = "files", queueCapacity = "2", onFull = OnFull.FAIL)
        void on(String content) throws InterruptedException {
            take(content);
        }
    }

    @Test
    void aFullQueueCanHoldTheSenderBack() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Waiting.class)
                        .run(member -> {
                            Waiting listener = member.getBean(Waiting.class);
                            CamureListenerEndpoint endpoint = registry(member).endpoint("files");
                            send(coordinator, "files", "1", "2", "3", "4", "5", "6");
                            assertThat(listener.next()).isEqualTo("1");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(endpoint.queueSize()).isEqualTo(2));
                            listener.permits.release(6);
                            for (String expected : List.of("2", "3", "4", "5", "6")) {
                                assertThat(listener.next()).isEqualTo(expected);
                            }
                            assertThat(endpoint.dropped()).isZero();
                        }));
    }

    @Test
    void aFullQueueCanDropWhatComes() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Dropping.class)
                        .run(member -> {
                            Dropping listener = member.getBean(Dropping.class);
                            CamureListenerEndpoint endpoint = registry(member).endpoint("files");
                            send(coordinator, "files", "1");
                            assertThat(listener.next()).isEqualTo("1");
                            send(coordinator, "files", "2", "3", "4", "5");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(
                                            () -> assertThat(endpoint.dropped()).isEqualTo(2));
                            listener.permits.release(10);
                            assertThat(listener.next()).isEqualTo("2");
                            assertThat(listener.next()).isEqualTo("3");
                            send(coordinator, "files", "6");
                            assertThat(listener.next()).isEqualTo("6");
                        }));
    }

    @Test
    void aFullQueueCanLeaveTheGroupUntilTheListenerIsStartedAgain() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(LeavingWhenFull.class)
                        .run(member -> {
                            LeavingWhenFull listener = member.getBean(LeavingWhenFull.class);
                            CamureListenerEndpoint endpoint = registry(member).endpoint("files");
                            BroadcastGroup files = coordinator.getBean(BroadcastGroup.class);
                            send(coordinator, "files", "1");
                            assertThat(listener.next()).isEqualTo("1");
                            send(coordinator, "files", "2", "3", "4");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(
                                            () -> assertThat(files.members()).isEmpty());
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(listener.failures)
                                            .singleElement()
                                            .extracting(ListenerFailedEvent::failure)
                                            .isInstanceOf(ListenerQueueFullException.class));
                            assertThat(endpoint.isRunning()).isFalse();
                            listener.permits.release(10);
                            assertThat(listener.next()).isEqualTo("2");
                            assertThat(listener.next()).isEqualTo("3");

                            endpoint.start();
                            files.awaitMembers(1, TestSession.SOON);
                            send(coordinator, "files", "5");
                            assertThat(listener.next()).isEqualTo("5");
                        }));
    }

    @Test
    void whatIsInTheQueueIsHandledBeforeTheEnd() {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(Waiting.class)
                        .run(member -> {
                            Waiting listener = member.getBean(Waiting.class);
                            CamureListenerEndpoint endpoint = registry(member).endpoint("files");
                            send(coordinator, "files", "1", "2", "3");
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(endpoint.queueSize()).isEqualTo(2));
                            CompletableFuture<Void> stopped = endpoint.stop();
                            // The thread that reads has ended, so that the queue knows that it is to end.
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() ->
                                            assertThat(TestSession.threads()).doesNotContain("camure-member-files"));
                            listener.permits.release(3);
                            assertThat(stopped).succeedsWithin(TestSession.SOON);
                            assertThat(listener.queue).containsExactly("1", "2", "3");
                            assertThat(endpoint.dropped()).isZero();
                        }));
    }

    static class WhichThread extends Received {
        @CamureListener(group = "files")
        void on(byte[] content) throws Exception {
            queue.add(Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()) + " "
                    + Thread.currentThread().getName());
        }
    }

    static class WhichThreadOfStream extends Received {
        @CamureListener(group = "files")
        void on(InputStream content) throws Exception {
            queue.add("" + Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsCallListenersWhereTheApplicationAsksForThose() {
        TestSession.coordinator().run(coordinator -> {
            TestSession.memberOf(coordinator).withBean(WhichThread.class).run(member -> {
                send(coordinator, "files", "");
                assertThat(member.getBean(WhichThread.class).next()).startsWith("false");
            });
            ApplicationContextRunner virtual =
                    TestSession.memberOf(coordinator).withPropertyValues("spring.threads.virtual.enabled=true");
            virtual.withBean(WhichThread.class).run(member -> {
                send(coordinator, "files", "", "");
                assertThat(member.getBean(WhichThread.class).next()).isEqualTo("true camure-member-files-listener");
                assertThat(member.getBean(WhichThread.class).next()).startsWith("true");
                assertThat(registry(member).endpoint("files").queueCapacity()).isZero();
            });
            virtual.withBean(WhichThreadOfStream.class).run(member -> {
                send(coordinator, "files", "");
                assertThat(member.getBean(WhichThreadOfStream.class).next()).isEqualTo("false");
            });
        });
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
