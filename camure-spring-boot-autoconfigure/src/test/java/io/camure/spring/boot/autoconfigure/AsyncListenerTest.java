package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerErrorHandler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.messaging.Message;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Listeners whose work goes on when they have returned, and those that try again. */
class AsyncListenerTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** The work on each message, which a test completes. */
    abstract static class Working extends ReceivingListener {

        final BlockingQueue<CompletableFuture<String>> work = new LinkedBlockingQueue<>();
        private CompletableFuture<String> last = CompletableFuture.completedFuture("none");

        CompletableFuture<String> begin(String content) {
            CompletableFuture<String> begun = new CompletableFuture<>();
            if (!last.isDone()) {
                queue.add(content + " has begun too early");
            }
            last = begun;
            work.add(begun);
            queue.add(content);
            return begun;
        }

        CompletableFuture<String> begun() throws InterruptedException {
            CompletableFuture<String> begun = work.poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(begun).isNotNull();
            return begun;
        }
    }

    static class FutureListener extends Working {
        @CamureListener("files")
        CompletableFuture<String> on(String content) {
            return begin(content);
        }
    }

    static class MonoListener extends Working {
        @CamureListener("files")
        Mono<Void> on(String content) {
            return Mono.defer(() -> Mono.fromFuture(begin(content))).then();
        }
    }

    static class FluxListener extends Working {
        @CamureListener("files")
        Flux<String> on(String content) {
            return Flux.defer(() -> Mono.fromFuture(begin(content)));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {FutureListener.class, MonoListener.class, FluxListener.class})
    void theNextMessageFollowsWhenTheWorkIsDone(Class<? extends Working> type) {
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean(type)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            Working listener = member.getBean(type);
                            TestSession.send(coordinator, "files", "a", "b", "c");
                            assertThat(listener.next()).isEqualTo("a");
                            CompletableFuture<String> first = listener.begun();
                            assertThat(listener.queue).isEmpty();
                            first.completeExceptionally(new IOException("on purpose"));
                            assertThat(listener.next()).isEqualTo("b");
                            assertThat(listener.failures)
                                    .singleElement()
                                    .satisfies(
                                            event -> assertThat(event.failure()).hasMessage("on purpose"));
                            listener.begun().complete("done");
                            assertThat(listener.next()).isEqualTo("c");
                            // The listener is waited for when the application ends.
                            CompletableFuture<Void> stopped = TestSession.listeners(member)
                                    .endpoint("files")
                                    .stop();
                            assertThat(stopped).isNotDone();
                            listener.begun().complete("done");
                            assertThat(stopped).succeedsWithin(TestSession.SOON);
                            assertThat(listener.failures).hasSize(1);
                        }));
    }

    static class Handler implements CamureListenerErrorHandler {

        final List<Throwable> failures = new CopyOnWriteArrayList<>();

        @Override
        public void handleError(CamureListenerEndpoint listener, Message<?> message, Throwable failure) {
            failures.add(failure);
        }
    }

    static class TryingListener extends ReceivingListener {
        @CamureListener(group = "files", retry = "twice", errorHandler = "handler")
        void on(String content) throws IOException {
            queue.add(content);
            if (content.equals("bad")) {
                throw new IOException("on purpose");
            }
        }
    }

    static class TryingLaterListener extends ReceivingListener {
        @CamureListener(group = "files", retry = "twice", errorHandler = "handler")
        CompletableFuture<Void> on(String content) {
            queue.add(content);
            return content.equals("bad")
                    ? CompletableFuture.failedFuture(new IOException("on purpose"))
                    : CompletableFuture.completedFuture(null);
        }
    }

    @EnableResilientMethods
    static class RetryableListener extends ReceivingListener {

        @Retryable(maxRetries = 2, delay = 1)
        @CamureListener(group = "files", errorHandler = "handler")
        public void on(String content) throws IOException {
            received().add(content);
            if (content.equals("bad")) {
                throw new IOException("on purpose");
            }
        }

        BlockingQueue<String> received() {
            return queue;
        }

        @Override
        public @Nullable String next() throws InterruptedException {
            return received().poll(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {TryingListener.class, TryingLaterListener.class, RetryableListener.class})
    void aMessageIsTriedAgainBeforeTheNextOneAndThenGoesToTheErrorHandler(Class<? extends ReceivingListener> type) {
        RetryPolicy twice =
                RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build();
        TestSession.coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withBean("twice", RetryPolicy.class, () -> twice)
                        .withBean("handler", Handler.class)
                        .withBean(type)
                        .run(member -> {
                            assertThat(member).hasNotFailed();
                            ReceivingListener listener = member.getBean(type);
                            TestSession.send(coordinator, "files", "a", "bad", "b");
                            for (String expected : List.of("a", "bad", "bad", "bad", "b")) {
                                assertThat(listener.next()).isEqualTo(expected);
                            }
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(member.getBean(Handler.class).failures)
                                            .singleElement()
                                            .satisfies(failure -> assertThat(failure)
                                                    .isInstanceOf(IOException.class)
                                                    .hasMessage("on purpose")));
                        }));
    }

    static class TryingStream {
        @CamureListener(group = "files", retry = "twice")
        void on(InputStream content) {}
    }

    static class TryingAsNobodySays {
        @CamureListener(group = "files", retry = "nobody")
        void on(String content) {}
    }

    @Test
    void whatCanNotBeTriedAgainIsRefused() {
        TestSession.member(9)
                .withBean("twice", RetryPolicy.class, RetryPolicy::withDefaults)
                .withBean(TryingStream.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining("can't be read again"));
        TestSession.member(9)
                .withBean(TryingAsNobodySays.class)
                .run(context ->
                        assertThat(context).getFailure().hasMessageContaining("Name a bean that is a RetryPolicy"));
    }

    static class MemberListener extends ReceivingListener {
        @CamureListener(group = "files", role = "${listening-role}")
        void on(String content) {
            queue.add(content);
        }
    }

    @Test
    void oneApplicationServesAllRoles() {
        TestSession.coordinator()
                .withPropertyValues("listening-role=member")
                .withBean(MemberListener.class)
                .run(coordinator -> TestSession.memberOf(coordinator)
                        .withPropertyValues("listening-role=member")
                        .withBean(MemberListener.class)
                        .run(member -> {
                            assertThat(coordinator).hasNotFailed();
                            assertThat(TestSession.listeners(coordinator).endpoints())
                                    .isEmpty();
                            TestSession.send(coordinator, "files", "hello");
                            assertThat(member.getBean(MemberListener.class).next())
                                    .isEqualTo("hello");
                        }));
    }

    @Test
    void aRoleThatThereIsNotIsRefused() {
        TestSession.member(9)
                .withPropertyValues("listening-role=boss")
                .withBean(MemberListener.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll("MemberListener.on", "role = ", "Set it to member"));
    }

    /** Where nobody is elected it has no messages to listen to. */
    @Test
    void aCoordinatorThatIsNoMemberListensToNothing() {
        TestSession.coordinator()
                .withPropertyValues("listening-role=coordinator")
                .withBean(MemberListener.class)
                .run(coordinator -> {
                    assertThat(coordinator).getFailure().hasMessageContaining("camure.role");
                    TestSession.member(9)
                            .withPropertyValues("listening-role=coordinator", "camure.member.startup=background")
                            .withBean(MemberListener.class)
                            .run(member -> assertThat(
                                            TestSession.listeners(member).endpoints())
                                    .isEmpty());
                });
    }
}
