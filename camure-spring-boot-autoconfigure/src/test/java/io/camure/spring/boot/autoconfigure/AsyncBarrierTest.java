package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Barriers around methods whose results come later than they return: when, where and how long they wait. */
class AsyncBarrierTest {

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
        Mono<String> mono() {
            return Mono.fromFuture(work.called());
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

        final AsyncWork work;

        After(AsyncWork work) {
            this.work = work;
        }

        @CamureBarrier(group = "finish", when = When.AFTER)
        CompletableFuture<String> future() {
            return work.called();
        }
    }

    private static ApplicationContextRunner coordinator(AsyncWork work) {
        return TestSession.coordinator()
                .withBean(Before.class, () -> new Before(work))
                .withBean(After.class, () -> new After(work));
    }

    @Test
    void whatIsAskedForTwiceWaitsTwice() {
        AsyncWork work = new AsyncWork();
        work.work.complete("done");
        coordinator(work)
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Mono<String> mono = coordinator.getBean(Before.class).mono();
                    assertThat(AsyncWork.progress(coordinator).coordinatorArrived())
                            .isFalse();
                    for (int i = 1; i <= 2; i++) {
                        CompletableFuture<String> result = mono.toFuture();
                        AsyncWork.meet(member, "finish");
                        assertThat(result).succeedsWithin(TestSession.SOON).isEqualTo("done");
                        assertThat(work.calls).hasSize(i);
                    }
                }));
    }

    @Test
    void theTimeoutOfTheAnnotationIsKept() {
        AsyncWork work = new AsyncWork();
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
                    AsyncWork.meet(member, "start-line");
                    assertThat(patient).succeedsWithin(TestSession.SOON).isEqualTo("done");
                }));
    }

    @Test
    void whoCancelsTheResultCancelsTheWork() {
        AsyncWork work = new AsyncWork();
        coordinator(work).run(coordinator -> {
            CompletableFuture<String> result = coordinator.getBean(After.class).future();
            result.cancel(true);
            assertThat(work.work).isCancelled();
            assertThat(result).failsWithin(TestSession.SOON).withThrowableOfType(CancellationException.class);
        });
    }

    @EnableAsync
    static class Asynchronous {

        final AsyncWork work;

        Asynchronous(AsyncWork work) {
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
        AsyncWork work = new AsyncWork();
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
                    AsyncWork.meet(member, "finish");
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
            assertThat(AsyncWork.progress(coordinator).coordinatorArrived()).isFalse();
        });
    }
}
