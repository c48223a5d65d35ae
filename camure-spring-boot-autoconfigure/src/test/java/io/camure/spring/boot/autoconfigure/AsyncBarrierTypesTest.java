package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.Round;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Barriers around methods whose results come later than they return, of each type of such a result. */
class AsyncBarrierTypesTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Before {

        final AsyncWork work;

        Before(AsyncWork work) {
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
    }

    static class After {

        final AsyncWork work;

        After(AsyncWork work) {
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

    private static ApplicationContextRunner coordinator(AsyncWork work) {
        return TestSession.coordinator()
                .withBean(Before.class, () -> new Before(work))
                .withBean(After.class, () -> new After(work));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyPassesBeforeTheWorkIsDone(Kind kind) {
        AsyncWork work = new AsyncWork();
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<Round> passed =
                            member.getBean("finish", Barrier.class).awaitAsync();
                    CompletableFuture<?> result = use(kind.after.apply(coordinator.getBean(After.class)));
                    assertThat(result).isNotDone();
                    assertThat(AsyncWork.progress(coordinator).coordinatorArrived())
                            .isFalse();
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
        AsyncWork work = new AsyncWork();
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<?> result = use(kind.before.apply(coordinator.getBean(Before.class)));
                    assertThat(AsyncWork.progress(coordinator).coordinatorArrived())
                            .isTrue();
                    assertThat(work.calls).isEmpty();
                    AsyncWork.meet(member, "finish");
                    work.work.complete("done");
                    assertThat(result).succeedsWithin(TestSession.SOON);
                    assertThat(work.calls).hasSize(1);
                }));
    }

    @ParameterizedTest
    @EnumSource
    void whoFailsDoesNotArrive(Kind kind) {
        AsyncWork work = new AsyncWork();
        work.work.completeExceptionally(new IllegalStateException("on purpose"));
        coordinator(work).run(coordinator -> {
            assertThat(use(kind.after.apply(coordinator.getBean(After.class))))
                    .failsWithin(TestSession.SOON)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("on purpose");
            assertThat(AsyncWork.progress(coordinator).coordinatorArrived()).isFalse();
        });
    }
}
