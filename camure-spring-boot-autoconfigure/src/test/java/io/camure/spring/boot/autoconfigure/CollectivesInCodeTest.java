package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CoordinatorCollective;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.Outcome;
import io.camure.spring.CamureGroups;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.NotCoordinatorException;
import io.camure.spring.election.CoordinatorElection;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What applications find out of collectives in code, and add to them. */
class CollectivesInCodeTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static CamureGroups groups(ApplicationContext context) {
        return context.getBean(CamureGroups.class);
    }

    @Test
    void theCoordinatorHasWhatOnlyItKnows() {
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    CoordinatorCollective<Long> found = groups(coordinator).collectiveGroup("max-version", Long.class);
                    assertThat(found.progress().missing()).hasSize(1);
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> groups(coordinator).collectiveGroup("max-version", String.class))
                            .withMessageContaining("java.lang.Long");
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> groups(member).collectiveGroup("max-version", Long.class))
                            .withMessageContaining("at the member");
                }));
    }

    @Test
    void aCollectiveIsAddedThatIsLikeAConfiguredOne() {
        CollectiveSession.coordinator()
                .run(coordinator -> CollectiveSession.memberOf(coordinator).run(member -> {
                    CollectiveConfig<Long> atMember = groups(member).collectiveConfig("max-version", Long.class);
                    CompletableFuture<Outcome<Long>> there = groups(coordinator)
                            .createCollective(
                                    "minor-version",
                                    GroupConfig.defaults(),
                                    groups(coordinator).collectiveConfig("max-version", Long.class))
                            .allReduceAsync(3L);
                    Collective<Long> here = groups(member).joinCollective("minor-version", atMember);
                    assertThat(here.allReduce(5L, TestSession.SOON).value()).isEqualTo(5);
                    assertThat(there).succeedsWithin(TestSession.SOON);
                    assertThatExceptionOfType(GroupMismatchException.class)
                            .isThrownBy(() -> groups(member).collectiveConfig("max-version", Integer.class));
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
                        "camure.groups.sum.reduce=sum",
                        "camure.groups.sum.payload-type=java.lang.Long");
    }

    @Test
    void whereTheCoordinatorIsElectedTheOneThatIsKnowsIt() {
        ScriptedElection election = new ScriptedElection();
        instance("one", election).run(one -> {
            election.elect("one");
            instance("two", election).run(two -> {
                for (ApplicationContext each : new ApplicationContext[] {one, two}) {
                    await().atMost(TestSession.SOON).until(each.getBean("sum", Group.class)::isOpen);
                }
                assertThat(groups(one)
                                .collectiveGroup("sum", Long.class)
                                .progress()
                                .missing())
                        .hasSize(2);
                assertThatExceptionOfType(NotCoordinatorException.class)
                        .isThrownBy(() ->
                                groups(two).collectiveGroup("sum", Long.class).progress());
            });
        });
    }
}
