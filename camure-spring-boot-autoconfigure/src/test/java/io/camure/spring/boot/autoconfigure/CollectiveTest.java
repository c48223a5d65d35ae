package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CollectiveMismatchException;
import io.camure.CoordinatorCollective;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.Node;
import io.camure.Outcome;
import io.camure.Reducer;
import io.camure.RoundBrokenException;
import io.camure.ValueCodec;
import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureReducer;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.boot.autoconfigure.CollectiveSession.Progress;
import io.camure.spring.election.CoordinatorElection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Collectives as beans: by their types, with what the application has for their values. */
class CollectiveTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    record Injected(
            Collective<Long> versions,
            Collective<Progress> progress,
            @Qualifier("words") Collective<String> some,
            Collective<?> maxVersion) {}

    static class Merger {

        final List<Progress> merged = new CopyOnWriteArrayList<>();

        @CamureReducer("progress")
        Progress merge(Progress one, Progress other) {
            merged.add(other);
            return one.merge(other);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Collective<T> collective(ApplicationContext context, String name) {
        return context.getBean(name, Collective.class);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void theyAreInjectedByWhatTheirValuesAreAtBothSides() {
        CollectiveSession.coordinator()
                .withBean(Injected.class)
                .withBean(Merger.class)
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withBean(Injected.class)
                        .withBean(Merger.class)
                        .run(member -> {
                            for (ApplicationContext context : List.of(coordinator, member)) {
                                Injected beans = context.getBean(Injected.class);
                                assertThat(beans.versions().id()).isZero();
                                assertThat(beans.progress().id()).isOne();
                                assertThat(beans.some().id()).isEqualTo(2);
                                assertThat(beans.maxVersion().id()).isZero();
                            }
                            assertThat(coordinator.getBean("words")).isInstanceOf(CoordinatorCollective.class);
                            assertThat(member.getBean("words")).isNotInstanceOf(CoordinatorCollective.class);
                        }));
    }

    @Test
    void allGetWhatTheReducerOfTheConfigurationMakes() {
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<Outcome<Long>> there = CollectiveTest.<Long>collective(coordinator, "max-version")
                            .allReduceAsync(7L);
                    Outcome<Long> here = CollectiveTest.<Long>collective(member, "max-version")
                            .allReduce(9L, TestSession.SOON);
                    assertThat(here.value()).isEqualTo(9);
                    assertThat(get(there).value()).isEqualTo(9);
                    assertThat(here.round().rank()).isOne();
                    assertThat(get(there).round().rank()).isZero();
                }));
    }

    @Test
    void aMethodOfABeanReducesValuesThatAreWrittenAsJson() {
        CollectiveSession.coordinator()
                .withBean(Merger.class)
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withBean(Merger.class)
                        .run(member -> {
                            CompletableFuture<Outcome<Progress>> there = CollectiveTest.<Progress>collective(
                                            coordinator, "progress")
                                    .allReduceAsync(new Progress(1, "a"));
                            Outcome<Progress> here = CollectiveTest.<Progress>collective(member, "progress")
                                    .allReduce(new Progress(2, "b"), TestSession.SOON);
                            assertThat(here.value()).isEqualTo(new Progress(3, "a+b"));
                            assertThat(get(there).value()).isEqualTo(new Progress(3, "a+b"));
                            assertThat(coordinator.getBean(Merger.class).merged).containsExactly(new Progress(2, "b"));
                            assertThat(member.getBean(Merger.class).merged).isEmpty();
                        }));
    }

    @Configuration(proxyBeanMethods = false)
    static class Operators {

        @Bean
        BinaryOperator<Progress> mergeProgress() {
            return Progress::merge;
        }

        @Bean
        @CamureBarrierAction("progress")
        UnaryOperator<Progress> publish() {
            return ofAll -> new Progress(ofAll.done() * 100, ofAll.by());
        }
    }

    private static ApplicationContextRunner withOperators(ApplicationContextRunner runner) {
        return runner.withUserConfiguration(Operators.class)
                .withPropertyValues("camure.groups.progress.reducer=mergeProgress");
    }

    @Test
    void aBeanReducesThemAndAnotherOneIsTheBarrierAction() {
        withOperators(CollectiveSession.coordinator())
                .run(coordinator -> withOperators(CollectiveSession.memberOf(coordinator))
                        .run(member -> {
                            CompletableFuture<Outcome<Progress>> there = CollectiveTest.<Progress>collective(
                                            coordinator, "progress")
                                    .allReduceAsync(new Progress(1, "a"));
                            Outcome<Progress> here = CollectiveTest.<Progress>collective(member, "progress")
                                    .allReduce(new Progress(2, "b"), TestSession.SOON);
                            assertThat(here.value()).isEqualTo(new Progress(300, "a+b"));
                            assertThat(get(there).value()).isEqualTo(here.value());
                        }));
    }

    static class Publisher {

        final List<Long> published = new CopyOnWriteArrayList<>();

        @CamureBarrierAction(group = "${its-group}")
        void publish(long greatest) {
            if (greatest < 0) {
                throw new IllegalStateException("no version");
            }
            published.add(greatest);
        }
    }

    @Test
    void aBarrierActionThatReturnsNothingRunsOnOneNodeBeforeAnybodyGoesOn() {
        CollectiveSession.coordinator()
                .withPropertyValues("its-group=max-version")
                .withBean(Publisher.class)
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withPropertyValues("its-group=max-version")
                        .withBean(Publisher.class)
                        .run(member -> {
                            Collective<Long> atCoordinator = collective(coordinator, "max-version");
                            Collective<Long> atMember = collective(member, "max-version");
                            CompletableFuture<Outcome<Long>> there = atCoordinator.allReduceAsync(7L);
                            assertThat(atMember.allReduce(9L, TestSession.SOON).value())
                                    .isEqualTo(9);
                            assertThat(coordinator.getBean(Publisher.class).published)
                                    .containsExactly(9L);
                            assertThat(member.getBean(Publisher.class).published)
                                    .isEmpty();
                            get(there);

                            CompletableFuture<Outcome<Long>> broken = atCoordinator.allReduceAsync(-7L);
                            assertThatExceptionOfType(RoundBrokenException.class)
                                    .isThrownBy(() -> atMember.allReduce(-9L, TestSession.SOON))
                                    .withMessageContaining("no version");
                            assertThatExceptionOfType(ExecutionException.class)
                                    .isThrownBy(() -> get(broken))
                                    .withCauseInstanceOf(RoundBrokenException.class);
                        }));
    }

    @Test
    void nodesThatDoNotReduceAlikeAreToldWhoCalledWhat() {
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator)
                        .withPropertyValues("camure.groups.max-version.reduce=min")
                        .run(member -> {
                            CompletableFuture<Outcome<Long>> there = CollectiveTest.<Long>collective(
                                            coordinator, "max-version")
                                    .allReduceAsync(7L);
                            assertThatExceptionOfType(CollectiveMismatchException.class)
                                    .isThrownBy(() -> CollectiveTest.<Long>collective(member, "max-version")
                                            .allReduce(9L, TestSession.SOON))
                                    .withMessageContainingAll("min", "max");
                            assertThatExceptionOfType(ExecutionException.class)
                                    .isThrownBy(() -> get(there))
                                    .withCauseInstanceOf(CollectiveMismatchException.class);
                        }));
    }

    @Test
    void theyAreAddedAndFoundInCode() {
        CollectiveConfig<Integer> sums = CollectiveConfig.builder(ValueCodec.integers())
                .reducer(Reducer.sum())
                .build();
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    CamureGroups there = coordinator.getBean(CamureGroups.class);
                    CamureGroups here = member.getBean(CamureGroups.class);
                    CompletableFuture<Outcome<Integer>> first = there.createCollective(
                                    "sums",
                                    GroupConfig.builder().expectedMembers(1).build(),
                                    sums)
                            .allReduceAsync(20);
                    Collective<Integer> joined = here.joinCollective(
                            "sums", MembershipConfig.builder().name("sums").build(), sums);
                    assertThat(joined.allReduce(22, TestSession.SOON).value()).isEqualTo(42);
                    assertThat(get(first).value()).isEqualTo(42);
                    assertThat(here.collective("sums", Integer.class)).isSameAs(joined);
                    assertThat(here.collective("max-version", Long.class)).isSameAs(member.getBean("max-version"));
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> here.collective("max-version", String.class))
                            .withMessageContainingAll("max-version", "java.lang.Long", "java.lang.String");
                }));
    }

    private static ApplicationContextRunner instance(String name, ScriptedElection election) {
        return TestSession.application()
                .withBean(CoordinatorElection.class, () -> election)
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=" + name,
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.member.startup=background",
                        "camure.member.rejoin.initial-interval=100ms",
                        "camure.groups.sum.type=collective",
                        "camure.groups.sum.expected-members=2",
                        "camure.groups.sum.reduce=sum",
                        "camure.groups.sum.payload-type=long");
    }

    @Test
    void instancesThatElectTheirCoordinatorTakePartAlike() {
        ScriptedElection election = new ScriptedElection();
        instance("one", election).run(one -> {
            election.elect("one");
            instance("two", election).run(two -> {
                List<CompletableFuture<Outcome<Long>>> outcomes = new ArrayList<>();
                for (ApplicationContext each : List.of(one, two)) {
                    Collective<Long> sum = collective(each, "sum");
                    await().atMost(TestSession.SOON).until(sum::isOpen);
                    outcomes.add(sum.allReduceAsync(21L));
                }
                Set<Integer> ranks = new HashSet<>();
                for (CompletableFuture<Outcome<Long>> each : outcomes) {
                    Outcome<Long> outcome = get(each);
                    assertThat(outcome.value()).isEqualTo(42);
                    assertThat(outcome.round().participants())
                            .extracting(Node::name)
                            .containsExactlyInAnyOrder("one", "two");
                    ranks.add(outcome.round().rank());
                }
                assertThat(ranks).containsExactlyInAnyOrder(0, 1);
            });
        });
    }

    @Test
    void aGroupWithoutAReducerGathers() {
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    CompletableFuture<Outcome<List<String>>> there = CollectiveTest.<String>collective(
                                    coordinator, "words")
                            .allGatherAsync("one");
                    assertThat(CollectiveTest.<String>collective(member, "words")
                                    .allGather("two", TestSession.SOON)
                                    .value())
                            .containsExactly("one", "two");
                    await().atMost(TestSession.SOON).until(there::isDone);
                }));
    }
}
