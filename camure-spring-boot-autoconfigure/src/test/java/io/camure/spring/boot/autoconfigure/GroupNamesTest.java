package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Groups that find each other by the names in {@code camure.groups}. */
class GroupNamesTest {

    private static ApplicationContextRunner coordinator() {
        return TestSession.coordinatorWithoutGroups(0)
                .withPropertyValues("camure.groups.prices.type=broadcast", "camure.groups.orders.type=broadcast");
    }

    private static ApplicationContextRunner member(ApplicationContext coordinator) {
        return TestSession.memberWithoutGroups(
                        coordinator.getBean(Coordinator.class).address().getPort())
                .withPropertyValues("camure.member.startup=fail");
    }

    private static void assertAnalysed(ApplicationContextRunner member, String description, String action) {
        member.run(context -> {
            FailureAnalysis analysis = new CamureFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).as("%s", context.getStartupFailure()).isNotNull();
            assertThat(analysis.getDescription()).contains(description);
            assertThat(analysis.getAction()).contains(action);
        });
    }

    @Test
    void noIdIsNeededAtEitherSide() {
        coordinator().run(coordinator -> member(coordinator)
                .withPropertyValues("camure.groups.orders.type=broadcast", "camure.groups.prices.type=broadcast")
                .run(member -> {
                    CoordinatorGroup prices = coordinator.getBean("prices", CoordinatorGroup.class);
                    prices.awaitMembers(1, TestSession.SOON);

                    assertThat(member.getBean("prices", Group.class).id()).isEqualTo(prices.id());
                    assertThat(member.getBean("orders", Group.class).id())
                            .isEqualTo(coordinator.getBean("orders", Group.class).id())
                            .isNotEqualTo(prices.id());
                }));
    }

    @Test
    void swappedIdsFailTheStart() {
        coordinator()
                .withPropertyValues("camure.groups.prices.id=0", "camure.groups.orders.id=1")
                .run(coordinator -> assertAnalysed(
                        member(coordinator)
                                .withPropertyValues(
                                        "camure.groups.prices.type=broadcast", "camure.groups.prices.id=1"),
                        "calls the group with the id 1 orders, and this node calls it prices",
                        "the same name and id in camure.groups"));
    }

    @Test
    void aGroupThatTheCoordinatorDoesNotHaveIsNamedWithThoseThatItHas() {
        coordinator()
                .run(coordinator -> assertAnalysed(
                        member(coordinator)
                                .withPropertyValues(
                                        "camure.groups.stocks.type=broadcast", "camure.member.join-timeout=1s"),
                        "the coordinator has no group stocks; it has",
                        "correct the names and ids in camure.groups"));
    }
}
