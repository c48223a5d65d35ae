package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.CoordinatorCollective;
import io.camure.Group;
import io.camure.Member;
import io.camure.Node;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureFlip;
import io.camure.spring.CamureTemplate;
import io.camure.spring.FlipResult;
import io.camure.spring.FlipResult.Verdict;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.NotCoordinatorException;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.election.CoordinatorElection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What all nodes of a group activate together, or not at all. */
class FlipTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    record RateTable(String currency, int rate) {}

    record Prepared(RateTable table) {}

    @CamureFlip("rates")
    static class Rates {

        final List<String> steps = new CopyOnWriteArrayList<>();
        volatile RateTable active;
        volatile String refused = "";
        volatile String why = "no such currency: ";

        Prepared prepare(RateTable table) {
            if (table.currency().equals(refused)) {
                throw new IllegalArgumentException(why + refused);
            }
            steps.add("prepare " + table.rate());
            return new Prepared(table);
        }

        void activate(Prepared next) {
            active = next.table();
            steps.add("activate " + next.table().rate());
        }

        void discard(Prepared refused) {
            steps.add("discard " + refused.table().rate());
        }
    }

    private static ApplicationContextRunner withRates(ApplicationContextRunner runner) {
        return TestSession.json(runner)
                .withBean(Rates.class)
                .withPropertyValues(
                        "camure.groups.rates.type=collective",
                        "camure.groups.rates.id=3",
                        "camure.groups.rates.payload-type=byte[]");
    }

    private static ApplicationContextRunner coordinator() {
        return withRates(TestSession.coordinatorWithoutGroups(0));
    }

    private static ApplicationContextRunner memberOf(ApplicationContext coordinator, String name) {
        return withRates(TestSession.memberWithoutGroups(
                        coordinator.getBean(Coordinator.class).address().getPort()))
                .withPropertyValues("camure.name=" + name);
    }

    private static FlipResult flip(ApplicationContext context, RateTable table) throws Exception {
        return flipAsync(context, table).get(TestSession.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static CompletableFuture<FlipResult> flipAsync(ApplicationContext context, Object value) {
        return context.getBean(CamureTemplate.class).flipAsync("rates", value);
    }

    private static Rates rates(ApplicationContext context) {
        return context.getBean(Rates.class);
    }

    @Test
    void allNodesActivateWhatAllHavePrepared() {
        coordinator()
                .run(coordinator -> memberOf(coordinator, "one")
                        .run(one -> memberOf(coordinator, "two").run(two -> {
                            for (int rate = 1; rate <= 3; rate++) {
                                RateTable table = new RateTable("EUR", rate);
                                assertThat(flip(coordinator, table))
                                        .isEqualTo(new FlipResult(Verdict.ACTIVATED, Map.of()));
                                for (ApplicationContext each : List.of(coordinator, one, two)) {
                                    assertThat(rates(each).active).isEqualTo(table);
                                }
                            }
                            assertThat(rates(two).steps)
                                    .containsExactly(
                                            "prepare 1",
                                            "activate 1",
                                            "prepare 2",
                                            "activate 2",
                                            "prepare 3",
                                            "activate 3");
                            // Three for each flip, and some for those that have joined: then nothing passes.
                            assertThat(coordinator
                                            .getBean("rates", CoordinatorCollective.class)
                                            .progress()
                                            .number())
                                    .isLessThanOrEqualTo(9 + 4);
                        })));
    }

    @Test
    void allDiscardWhatOneRefusesAndTheCallerLearnsWhoAndWhy() {
        coordinator()
                .run(coordinator -> memberOf(coordinator, "one")
                        .run(one -> memberOf(coordinator, "two").run(two -> {
                            RateTable before = new RateTable("EUR", 1);
                            flip(coordinator, before);
                            rates(two).refused = "ZZZ";
                            FlipResult result = flip(coordinator, new RateTable("ZZZ", 2));
                            assertThat(result.isActivated()).isFalse();
                            assertThat(result.refusals().values()).containsExactly("no such currency: ZZZ");
                            assertThat(result.refusals().keySet())
                                    .extracting(Node::name)
                                    .containsExactly("two");
                            for (ApplicationContext each : List.of(coordinator, one)) {
                                await().atMost(TestSession.SOON)
                                        .untilAsserted(() -> assertThat(rates(each).steps)
                                                .containsExactly("prepare 1", "activate 1", "prepare 2", "discard 2"));
                                assertThat(rates(each).active).isEqualTo(before);
                            }
                            assertThat(rates(two).steps).containsExactly("prepare 1", "activate 1");
                        })));
    }

    @Test
    void whoJoinsLaterIsBroughtUp() {
        coordinator()
                .run(coordinator -> memberOf(coordinator, "one").run(one -> {
                    RateTable table = new RateTable("EUR", 7);
                    flip(coordinator, table);
                    memberOf(coordinator, "two").run(two -> {
                        await().atMost(TestSession.SOON)
                                .untilAsserted(
                                        () -> assertThat(rates(two).active).isEqualTo(table));
                        assertThat(rates(one).steps).containsExactly("prepare 7", "activate 7");
                        assertThat(flip(coordinator, new RateTable("EUR", 8)).isActivated())
                                .isTrue();
                        assertThat(rates(two).active.rate()).isEqualTo(8);
                    });
                }));
    }

    @Test
    void aSecondFlipWaitsForTheFirst() {
        coordinator()
                .run(coordinator -> memberOf(coordinator, "one").run(one -> {
                    CompletableFuture<FlipResult> first = flipAsync(coordinator, new RateTable("EUR", 1));
                    CompletableFuture<FlipResult> second = flipAsync(coordinator, new RateTable("EUR", 2));
                    assertThat(second).succeedsWithin(TestSession.SOON);
                    assertThat(first).isDone();
                    assertThat(rates(one).steps).containsExactly("prepare 1", "activate 1", "prepare 2", "activate 2");
                }));
    }

    private record Picky(String refused) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof Rates rates) {
                rates.refused = refused;
            }
            return bean;
        }
    }

    @Test
    void whoCannotActivateWhatTheOthersHaveLeavesTheGroup() {
        coordinator()
                .run(coordinator -> memberOf(coordinator, "one").run(one -> {
                    flip(coordinator, new RateTable("ZZZ", 7));
                    memberOf(coordinator, "two")
                            .withBean("picky", BeanPostProcessor.class, () -> new Picky("ZZZ"))
                            .run(two -> {
                                await().atMost(TestSession.SOON)
                                        .until(() -> !two.getBean("rates", Group.class)
                                                .isOpen());
                                assertThat(rates(two).active).isNull();
                                assertThat(flip(coordinator, new RateTable("EUR", 8))
                                                .isActivated())
                                        .isTrue();
                            });
                }));
    }

    @Test
    void onlyTheCoordinatorFlipsAndOnlyWhatIsThere() {
        RateTable table = new RateTable("EUR", 1);
        coordinator()
                .withPropertyValues(
                        "camure.groups.other.type=collective",
                        "camure.groups.other.id=4",
                        "camure.groups.other.payload-type=byte[]")
                .run(coordinator -> memberOf(coordinator, "one").run(one -> {
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> one.getBean(CamureTemplate.class).flip("rates", table))
                            .withMessageContaining("by its coordinator");
                    CamureTemplate template = coordinator.getBean(CamureTemplate.class);
                    assertThatExceptionOfType(UnknownGroupException.class)
                            .isThrownBy(() -> template.flip("nothing", table))
                            .withMessageContaining("nothing");
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> template.flip("other", table))
                            .withMessageContaining("@CamureFlip(\"other\")");
                }));
    }

    @Test
    void aFlipThatNobodyAnswersFailsAndSaysThatItsOutcomeIsUnknown() {
        coordinator().withPropertyValues("camure.groups.rates.timeout=300ms").run(coordinator -> {
            await().atMost(TestSession.SOON)
                    .until(() -> coordinator.getBean(Coordinator.class).isOpen());
            assertThatThrownBy(() -> flip(coordinator, new RateTable("EUR", 1)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(RoundTimeoutException.class)
                    .hasMessageContaining("not known");
        });
    }

    @Test
    void whatIsLongerThanAValueIsRefusedAtOnce() {
        coordinator()
                .withPropertyValues("camure.groups.rates.maximum-value=100B")
                .run(coordinator -> memberOf(coordinator, "one").run(one -> {
                    assertThatThrownBy(() -> flip(coordinator, new RateTable("E".repeat(100), 1)))
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(IllegalArgumentException.class);
                    assertThat(flip(coordinator, new RateTable("EUR", 2)).isActivated())
                            .isTrue();
                }));
    }

    @Test
    void whyANodeRefusesIsCutToWhatAValueMayHave() {
        coordinator()
                .withPropertyValues("camure.groups.rates.maximum-value=80B")
                .run(coordinator -> memberOf(coordinator, "one")
                        .withPropertyValues("camure.groups.rates.maximum-value=80B")
                        .run(one -> {
                            rates(one).refused = "ZZZ";
                            rates(one).why = "x".repeat(200);
                            assertThat(flip(coordinator, new RateTable("ZZZ", 2))
                                            .refusals()
                                            .values())
                                    .containsExactly("x".repeat(38));
                            assertThat(flip(coordinator, new RateTable("EUR", 3))
                                            .isActivated())
                                    .isTrue();
                        }));
    }

    private static ApplicationContextRunner instance(String name, ScriptedElection election) {
        return withRates(TestSession.application())
                .withBean(CoordinatorElection.class, () -> election)
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=" + name,
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.member.startup=background",
                        "camure.member.rejoin.initial-interval=100ms");
    }

    @Test
    void theElectedCoordinatorFlipsAndTheNextOneGoesOn() {
        ScriptedElection election = new ScriptedElection();
        instance("one", election).run(one -> {
            election.elect("one");
            instance("two", election).run(two -> {
                for (ApplicationContext each : List.of(one, two)) {
                    await().atMost(TestSession.SOON).until(each.getBean("rates", Group.class)::isOpen);
                }
                assertThat(flip(one, new RateTable("EUR", 1)).isActivated()).isTrue();
                assertThat(rates(two).active.rate()).isEqualTo(1);
                assertThatExceptionOfType(NotCoordinatorException.class)
                        .isThrownBy(() -> two.getBean(CamureTemplate.class).flip("rates", new RateTable("EUR", 2)));
                election.revoke("one");
                election.elect("two");
                await().atMost(TestSession.SOON)
                        .until(() ->
                                two.getBean(Member.class).coordinator().name().equals("two")
                                        && two.getBean("rates", Group.class).isOpen());
                assertThat(flip(two, new RateTable("EUR", 2)).isActivated()).isTrue();
                assertThat(rates(two).active.rate()).isEqualTo(2);
                await().atMost(TestSession.SOON).until(() -> rates(one).active.rate() == 2);
            });
        });
    }
}
