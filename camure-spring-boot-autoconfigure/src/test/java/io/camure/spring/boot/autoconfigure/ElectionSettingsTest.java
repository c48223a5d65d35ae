package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.Member;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;

/** What is configured for an application whose role is {@code auto}, and what of that can't be meant. */
class ElectionSettingsTest {

    private static ApplicationContextRunner instance() {
        return TestSession.application()
                .withPropertyValues(
                        "camure.role=auto",
                        "camure.name=one",
                        "camure.coordinator.bind-address=127.0.0.1:0",
                        "camure.groups.start-line.type=barrier",
                        "camure.groups.start-line.expected-members=1");
    }

    private static void assertRefused(ApplicationContextRunner runner, String problem, String action) {
        runner.run(context -> assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .isInstanceOfSatisfying(CamureConfigurationException.class, why -> {
                    assertThat(why).hasMessageContaining(problem);
                    assertThat(why.action()).contains(action);
                }));
    }

    @AfterEach
    void noThreadIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    @Test
    void oneInstanceIsConfiguredToCoordinate() {
        int port = TestSession.freePort();
        ElectedCoordinatorTest.instance("one")
                .withPropertyValues(
                        "camure.groups.start-line.expected-members=2",
                        "camure.groups.files.expected-members=2",
                        "camure.election.coordinator-when=#{'one' == environment['camure.name']}",
                        "camure.coordinator.bind-address=127.0.0.1:" + port,
                        "camure.member.coordinator-address=127.0.0.1:" + port)
                .run(one -> ElectedCoordinatorTest.instance("two")
                        .withPropertyValues(
                                "camure.groups.start-line.expected-members=2",
                                "camure.groups.files.expected-members=2",
                                "camure.election.engine=static",
                                "camure.election.coordinator-when=no-such-host-*",
                                "camure.member.coordinator-address=127.0.0.1:" + port)
                        .run(two -> {
                            assertThat(ElectedCoordinatorTest.meet(List.of(one, two)))
                                    .allSatisfy(
                                            round -> assertThat(round.size()).isEqualTo(2));
                            assertThat(ElectedCoordinatorTest.coordinates(one)).isTrue();
                            assertThat(ElectedCoordinatorTest.coordinates(two)).isFalse();
                            ElectedCoordinatorTest.assertSends(one, List.of(one, two), "one");
                        }));
    }

    @Test
    void withoutAnythingThatElectsTheStartSaysWhatToAdd() {
        instance()
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(CamureConfigurationException.class, why -> {
                            assertThat(why)
                                    .hasMessageContaining("camure.role is auto, but there is nothing that elects");
                            assertThat(why.action()).contains("lock-registry", "events", "static", "coordinator-when");
                        }));
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        instance()
                .withPropertyValues("camure.election.engine=raft")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("there is no engine raft, which camure.election.engine names"));
    }

    @Test
    void whoDoesNotJoinAgainCanNotBeOfEqualInstances() {
        assertRefused(
                instance()
                        .withBean(CoordinatorElection.class, ScriptedElection::new)
                        .withPropertyValues("camure.member.rejoin.enabled=false"),
                "camure.role is auto, but camure.member.rejoin.enabled is false",
                "Remove the latter");
    }

    @Test
    void ofSeveralElectionsNoneIsChosen() {
        assertRefused(
                instance()
                        .withBean("byVote", CoordinatorElection.class, ScriptedElection::new)
                        .withBean("byLot", CoordinatorElection.class, ScriptedElection::new),
                "several beans of the type CoordinatorElection, of which one is to elect the coordinator: byVote, byLot",
                "@Primary");
    }

    @Test
    void whoIsConfiguredToCoordinateHasToBeFound() {
        assertRefused(
                instance().withPropertyValues("camure.election.coordinator-when=#{false}"),
                "nothing says where that one is",
                "camure.member.coordinator-address");
    }

    /** By multicast, as members with {@code announced} find theirs. */
    @Test
    void whoIsConfiguredToCoordinateIsFoundByTheNameOfTheSession() {
        instance()
                .withPropertyValues("camure.election.coordinator-when=#{true}", "camure.session-name=elected")
                .run(one -> {
                    assertThat(one.getBean(Barrier.class)
                                    .await(TestSession.SOON)
                                    .size())
                            .isOne();
                    instance()
                            .withPropertyValues(
                                    "camure.name=two",
                                    "camure.election.coordinator-when=#{false}",
                                    "camure.session-name=elected",
                                    "camure.member.network-interface=lo")
                            .run(two -> assertThat(two.getBean(Member.class).coordinator())
                                    .isEqualTo(one.getBean(Member.class).coordinator()));
                });
    }

    @Test
    void aPortThatIsAdvertisedAsItComesIsTheOneThatIsTaken() {
        ScriptedElection election = new ScriptedElection();
        AtomicReference<CoordinatorRecord> offered = new AtomicReference<>();
        instance()
                .withBean(CoordinatorElection.class, () -> election)
                .withPropertyValues(
                        "camure.coordinator.advertised-address=127.0.0.1:0", "camure.member.startup=background")
                .run(context -> {
                    election.elect("one");
                    offered.set(election.current().orElseThrow());
                    Member member = context.getBean(Member.class);
                    await().atMost(TestSession.SOON).until(() -> isOpen(member));
                    InetSocketAddress told = offered.get().address();
                    assertThat(told.getPort()).isPositive();
                    assertThat(member.coordinatorAddress()).isEqualTo(told);
                    assertThat(context).doesNotHaveBean(Coordinator.class);
                });
    }

    private static boolean isOpen(Member member) {
        try {
            return member.isOpen();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
