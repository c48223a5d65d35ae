package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.CamureException;
import io.camure.Collective;
import io.camure.Outcome;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;

/** Methods whose callers give values in a collective, and get what these make. */
class CollectiveMethodTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    static class Migration {

        private volatile long seen = -1;
        private volatile long called;

        public long getCalled() {
            return called;
        }

        long seen() {
            return seen;
        }

        @CamureBarrier(group = "max-version", contribute = "#version")
        void migrate(int version, Outcome<Long> greatest) {
            called++;
            seen = greatest.value();
        }

        @CamureBarrier(group = "max-version", contribute = "called + #result.length()", when = When.AFTER)
        String own(String word) {
            called++;
            return word;
        }

        @CamureBarrier(group = "max-version", contribute = "#result", when = When.AFTER, replaceResult = true)
        long greatest(long own) {
            return own;
        }

        @CamureBarrier(group = "max-version", contribute = "#result", when = When.AFTER, replaceResult = true)
        CompletableFuture<Long> greatestLater(long own) {
            return CompletableFuture.completedFuture(own);
        }

        @CamureBarrier(group = "max-version", contribute = "#result", when = When.AFTER, replaceResult = true)
        Mono<Long> greatestOnDemand(long own) {
            return Mono.just(own);
        }

        @CamureBarrier(group = "max-version", contribute = "#own")
        Mono<Long> seenOnDemand(long own, Outcome<Long> greatest) {
            return Mono.just(greatest.value());
        }

        @CamureBarrier(group = "max-version", contribute = "#word.length()", timeout = "20ms")
        void impatient(String word) {
            called++;
        }
    }

    private static ApplicationContextRunner application() {
        return CollectiveSession.coordinator().withBean(Migration.class);
    }

    @SuppressWarnings("unchecked")
    private static Collective<Long> versions(ApplicationContext member) {
        return member.getBean("max-version", Collective.class);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aMethodGetsTheOutcomeOfWhatItsCallersHaveGiven() {
        application()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    Migration migration = coordinator.getBean(Migration.class);
                    CompletableFuture<Void> call = CompletableFuture.runAsync(() -> migration.migrate(7, null));
                    assertThat(versions(member).allReduce(9L, TestSession.SOON).value())
                            .isEqualTo(9);
                    get(call);
                    assertThat(migration.seen()).isEqualTo(9);
                }));
    }

    @Test
    void aResultIsGivenAndGivenBack() {
        application()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    Migration migration = coordinator.getBean(Migration.class);
                    CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> migration.own("four"));
                    assertThat(versions(member).allReduce(0L, TestSession.SOON).value())
                            .isEqualTo(5);
                    assertThat(get(call)).isEqualTo("four");
                }));
    }

    @Test
    void aResultIsReplacedByTheOutcomeHoweverItComes() {
        application()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    Migration migration = coordinator.getBean(Migration.class);
                    CompletableFuture<Long> call = CompletableFuture.supplyAsync(() -> migration.greatest(7));
                    versions(member).allReduce(9L, TestSession.SOON);
                    assertThat(get(call)).isEqualTo(9);

                    CompletableFuture<Long> later = migration.greatestLater(8);
                    assertThat(versions(member).allReduce(10L, TestSession.SOON).value())
                            .isEqualTo(10);
                    assertThat(get(later)).isEqualTo(10);

                    CompletableFuture<Long> demanded =
                            migration.greatestOnDemand(12).toFuture();
                    assertThat(versions(member).allReduce(11L, TestSession.SOON).value())
                            .isEqualTo(12);
                    assertThat(get(demanded)).isEqualTo(12);

                    CompletableFuture<Long> seen =
                            migration.seenOnDemand(13, null).toFuture();
                    assertThat(versions(member).allReduce(14L, TestSession.SOON).value())
                            .isEqualTo(14);
                    assertThat(get(seen)).isEqualTo(14);
                }));
    }

    @Test
    void whoseExpressionFailsDoesNotArriveAndIsToldWhy() {
        application().run(coordinator -> {
            Migration migration = coordinator.getBean(Migration.class);
            assertThatExceptionOfType(CamureException.class)
                    .isThrownBy(() -> migration.impatient(null))
                    .withMessageContainingAll("Migration.impatient", "#word.length()");
            assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(() -> migration.impatient("four"));
            assertThat(migration.getCalled()).isZero();
        });
    }
}
