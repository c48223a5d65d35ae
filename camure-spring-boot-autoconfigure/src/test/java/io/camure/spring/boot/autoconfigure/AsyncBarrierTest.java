package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.RoundProgress;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureConfigurationException;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Barriers around methods whose results come later than they return. */
class AsyncBarrierTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    /** What each method gives: that of a test, as it is there for all. */
    static class Work {

        CompletableFuture<String> work = new CompletableFuture<>();

        final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

        CompletableFuture<String> called() {
            calls.add("called");
            return work;
        }
    }

    static class Before {

        final Work work;

        Before(Work work) {
            this.work = work;
        }

        @CamureBarrier("finish")
        CompletableFuture<String> future() {
            return work.called();
        }

        @CamureBarrier("finish")
        CompletionStage<String> stage() {
            return work.called();
        }

        @CamureBarrier("finish")
        Mono<String> mono() {
            return Mono.fromFuture(work.called());
        }

        @CamureBarrier("finish")
        Flux<String> flux() {
            return Flux.from(Mono.fromFuture(work.called()));
        }

        @CamureBarrier("finish")
        Publisher<String> publisher() {
            return Flux.from(Mono.fromFuture(work.called()));
        }

        @CamureBarrier("finish")
        Flow.Publisher<String> flow() {
            return reactor.adapter.JdkFlowAdapter.publisherToFlowPublisher(Mono.fromFuture(work.called()));
        }

        @CamureBarrier("finish")
        Single<String> single() {
            return Single.fromCompletionStage(work.called());
        }

        @CamureBarrier("finish")
        Maybe<String> maybe() {
            return Maybe.fromCompletionStage(work.called());
        }

        @CamureBarrier("finish")
        Flowable<String> flowable() {
            return Flowable.fromCompletionStage(work.called());
        }

        @CamureBarrier("finish")
        Observable<String> observable() {
            return Observable.fromCompletionStage(work.called());
        }

        @CamureBarrier("finish")
        Completable completable() {
            return Completable.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", timeout = "50ms")
        CompletableFuture<String> impatient() {
            return work.called();
        }

        @CamureBarrier(group = "start-line", timeout = "30s")
        CompletableFuture<String> patient() {
            return work.called();
        }
    }

    static class After {

        final Work work;

        After(Work work) {
            this.work = work;
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        CompletableFuture<String> future() {
            return work.called();
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        CompletionStage<String> stage() {
            return work.called();
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Mono<String> mono() {
            return Mono.fromFuture(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Flux<String> flux() {
            return Flux.from(Mono.fromFuture(work.called()));
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Publisher<String> publisher() {
            return Flux.from(Mono.fromFuture(work.called()));
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Flow.Publisher<String> flow() {
            return reactor.adapter.JdkFlowAdapter.publisherToFlowPublisher(Mono.fromFuture(work.called()));
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Single<String> single() {
            return Single.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Maybe<String> maybe() {
            return Maybe.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Flowable<String> flowable() {
            return Flowable.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Observable<String> observable() {
            return Observable.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Completable completable() {
            return Completable.fromCompletionStage(work.called());
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        Object anything() {
            return work.called();
        }
    }

    enum Kind {
        FUTURE(Before::future, After::future),
        STAGE(Before::stage, After::stage),
        MONO(Before::mono, After::mono),
        FLUX(Before::flux, After::flux),
        PUBLISHER(Before::publisher, After::publisher),
        FLOW(Before::flow, After::flow),
        SINGLE(Before::single, After::single),
        MAYBE(Before::maybe, After::maybe),
        FLOWABLE(Before::flowable, After::flowable),
        OBSERVABLE(Before::observable, After::observable),
        COMPLETABLE(Before::completable, After::completable),
        ANYTHING(before -> before.future(), After::anything);

        final Function<Before, Object> before;
        final Function<After, Object> after;

        Kind(Function<Before, Object> before, Function<After, Object> after) {
            this.before = before;
            this.after = after;
        }
    }

    /** Asks for what it gives, as whoever uses it does. */
    private static CompletableFuture<?> use(Object result) {
        if (result instanceof CompletionStage<?> stage) {
            return stage.toCompletableFuture();
        }
        return Flux.from(ReactiveAdapterRegistry.getSharedInstance()
                        .getAdapter(null, result)
                        .toPublisher(result))
                .then()
                .toFuture();
    }

    private static ApplicationContextRunner coordinator(Work work) {
        return TestSession.coordinator()
                .withBean(Before.class, () -> new Before(work))
                .withBean(After.class, () -> new After(work));
    }

    private static RoundProgress progress(ApplicationContext coordinator) {
        return coordinator.getBean("finish", CoordinatorBarrier.class).progress();
    }

    private static void meet(ApplicationContext member, String barrier) throws InterruptedException {
        member.getBean(barrier, Barrier.class).await(TestSession.SOON);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyPassesBeforeTheWorkIsDone(Kind kind) {
        Work work = new Work();
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<Round> passed =
                            member.getBean("finish", Barrier.class).awaitAsync();
                    CompletableFuture<?> result = use(kind.after.apply(coordinator.getBean(After.class)));
                    assertThat(result).isNotDone();
                    assertThat(progress(coordinator).coordinatorArrived()).isFalse();
                    assertThat(passed).isNotDone();
                    work.work.complete("done");
                    assertThat(result).succeedsWithin(TestSession.SOON);
                    assertThat(passed).succeedsWithin(TestSession.SOON);
                    assertThat(work.calls).hasSize(1);
                }));
    }

    @ParameterizedTest
    @EnumSource
    void theWorkBeginsWhenAllHaveMetAndTheCallerDoesNotWait(Kind kind) {
        Work work = new Work();
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<?> result = use(kind.before.apply(coordinator.getBean(Before.class)));
                    assertThat(progress(coordinator).coordinatorArrived()).isTrue();
                    assertThat(work.calls).isEmpty();
                    meet(member, "finish");
                    work.work.complete("done");
                    assertThat(result).succeedsWithin(TestSession.SOON);
                    assertThat(work.calls).hasSize(1);
                }));
    }

    @ParameterizedTest
    @EnumSource
    void whoFailsDoesNotArrive(Kind kind) {
        Work work = new Work();
        work.work.completeExceptionally(new IllegalStateException("on purpose"));
        coordinator(work).run(coordinator -> {
            assertThat(use(kind.after.apply(coordinator.getBean(After.class))))
                    .failsWithin(TestSession.SOON)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("on purpose");
            assertThat(progress(coordinator).coordinatorArrived()).isFalse();
        });
    }

    @Test
    void whatIsAskedForTwiceWaitsTwice() {
        Work work = new Work();
        work.work.complete("done");
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Mono<String> mono = coordinator.getBean(Before.class).mono();
                    assertThat(progress(coordinator).coordinatorArrived()).isFalse();
                    for (int i = 1; i <= 2; i++) {
                        CompletableFuture<String> result = mono.toFuture();
                        meet(member, "finish");
                        assertThat(result).succeedsWithin(TestSession.SOON).isEqualTo("done");
                        assertThat(work.calls).hasSize(i);
                    }
                }));
    }

    @Test
    void theTimeoutOfTheAnnotationIsKept() {
        Work work = new Work();
        work.work.complete("done");
        coordinator(work)
                .withPropertyValues("camure.groups.start-line.timeout=100ms")
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Before before = coordinator.getBean(Before.class);
                    assertThat(before.impatient())
                            .failsWithin(TestSession.SOON)
                            .withThrowableThat()
                            .withCauseInstanceOf(RoundTimeoutException.class);
                    // A wait with the timeout of the group is over meanwhile.
                    CompletableFuture<String> patient = before.patient();
                    CompletableFuture<Round> impatient = coordinator
                            .getBean("start-line", CoordinatorBarrier.class)
                            .awaitAsync();
                    assertThat(impatient)
                            .failsWithin(TestSession.SOON)
                            .withThrowableThat()
                            .withCauseInstanceOf(RoundTimeoutException.class);
                    meet(member, "start-line");
                    assertThat(patient).succeedsWithin(TestSession.SOON).isEqualTo("done");
                }));
    }

    @Test
    void whoCancelsTheResultCancelsTheWork() {
        Work work = new Work();
        coordinator(work).run(coordinator -> {
            CompletableFuture<String> result = coordinator.getBean(After.class).future();
            result.cancel(true);
            assertThat(work.work).isCancelled();
            assertThat(result).failsWithin(TestSession.SOON).withThrowableOfType(CancellationException.class);
        });
    }

    @EnableAsync
    static class Asynchronous {

        final Work work;

        Asynchronous(Work work) {
            this.work = work;
        }

        @Async
        @CamureBarrier(group = "finish", when = When.AFTER)
        public CompletableFuture<String> work() {
            return work.called();
        }
    }

    @Test
    void theThreadOfAnAsyncMethodWaits() {
        Work work = new Work();
        TestSession.coordinator()
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                // Nobody else is there who could complete what it waits for.
                .withPropertyValues("spring.task.execution.pool.core-size=1", "spring.task.execution.pool.max-size=1")
                .withBean(Asynchronous.class, () -> new Asynchronous(work))
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<String> result =
                            coordinator.getBean(Asynchronous.class).work();
                    assertThat(result).isNotDone();
                    work.work.complete("done");
                    meet(member, "finish");
                    assertThat(result).succeedsWithin(TestSession.SOON).isEqualTo("done");
                }));
    }

    static class Blocking {

        @CamureBarrier("finish")
        public String before() {
            throw new AssertionError("it was called");
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        public String after() {
            throw new AssertionError("it was called");
        }
    }

    @Test
    void anEventLoopIsNotBlocked() {
        TestSession.coordinator().withBean(Blocking.class).run(coordinator -> {
            Blocking bean = coordinator.getBean(Blocking.class);
            for (Callable<String> call : List.<Callable<String>>of(bean::before, bean::after)) {
                assertThat(Mono.fromCallable(call)
                                .subscribeOn(Schedulers.parallel())
                                .toFuture())
                        .failsWithin(TestSession.SOON)
                        .withThrowableThat()
                        .withCauseInstanceOf(IllegalStateException.class)
                        .withMessageContaining("would block an event loop");
            }
            assertThat(progress(coordinator).coordinatorArrived()).isFalse();
        });
    }

    abstract static class Generic<T> {

        abstract T result();

        @CamureBarrier(group = "finish", when = When.AFTER)
        public T step() {
            return result();
        }
    }

    static class GenericFuture extends Generic<Future<String>> {
        @Override
        Future<String> result() {
            return new FutureTask<>(() -> "");
        }
    }

    static class OwnFuture extends CompletableFuture<String> {}

    static class ReturnsOwnFuture {
        @CamureBarrier("finish")
        public OwnFuture step() {
            return new OwnFuture();
        }
    }

    static class ReturnsFuture {
        @CamureBarrier("finish")
        public Future<String> step() {
            return new FutureTask<>(() -> "");
        }
    }

    static class ReturnsCallable {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Callable<String> step() {
            return () -> "";
        }
    }

    static class ReturnsSupplier {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Supplier<String> step() {
            return () -> "";
        }
    }

    static class ReturnsStream {
        @CamureBarrier(group = "finish", when = When.AFTER)
        public Stream<String> step() {
            return Stream.of();
        }
    }

    static class Suspending {
        @CamureBarrier("finish")
        public Object step(Continuation<String> continuation) {
            return "";
        }
    }

    @Test
    void whatCanNotBeWaitedForKeepsTheApplicationFromStarting() {
        for (Class<?> type : List.of(
                GenericFuture.class,
                ReturnsOwnFuture.class,
                ReturnsFuture.class,
                ReturnsCallable.class,
                ReturnsSupplier.class,
                ReturnsStream.class,
                Suspending.class)) {
            TestSession.coordinator()
                    .withBean(type)
                    .run(context -> assertThat(context)
                            .as("%s", type)
                            .getFailure()
                            .isInstanceOf(CamureConfigurationException.class)
                            .hasMessageContainingAll("step has @CamureBarrier, but", "Return a CompletableFuture"));
        }
    }
}
