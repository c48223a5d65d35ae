package io.camure.spring.boot.test;

import static io.camure.test.CamureAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.Collective;
import io.camure.Coordinator;
import io.camure.Member;
import io.camure.Outcome;
import io.camure.spring.CamureGroups;
import io.camure.spring.CamureReducer;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.boot.autoconfigure.CamureConnectionDetails;
import io.camure.spring.boot.autoconfigure.MemberConfigCustomizer;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestInbox;
import io.camure.test.CamureTestNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** How applications and the in-memory network come together. */
@Timeout(120)
class CamureTestAutoConfigurationTest {

    private static void awaitRound(ApplicationContext member) throws InterruptedException {
        CamureTestNetwork network = member.getBean(CamureTestNetwork.class);
        Barrier atMember = member.getBean("start-line", Barrier.class);
        network.awaitRound(member.getBean(CamureTestCoordinator.class).barrier("start-line"), atMember);
    }

    @Test
    void aPartitionLosesTheCoordinatorAndHealingItBringsItBack() {
        TestApplications.application("member").run(context -> {
            CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
            CamureTestEvents events = context.getBean(CamureTestEvents.class);
            awaitRound(context);

            network.partition("application");
            events.await(CoordinatorLostEvent.class);
            assertThat(events.of(CoordinatorRegainedEvent.class)).isEmpty();
            network.heal();
            events.await(CoordinatorRegainedEvent.class);

            awaitRound(context);
        });
    }

    /** What an application has for the values of its collective. */
    static class Longest {

        @CamureReducer("longest")
        String longest(String one, String other) {
            return one.length() < other.length() ? other : one;
        }
    }

    @Test
    void theScriptedCoordinatorTakesPartInCollectivesOfTheApplication() {
        TestApplications.application("member")
                .withBean(Longest.class)
                .withPropertyValues(
                        "camure.groups.longest.type=collective", "camure.groups.longest.payload-type=java.lang.String")
                .run(context -> {
                    CompletableFuture<Outcome<String>> there = context.getBean(CamureTestCoordinator.class)
                            .<String>collective("longest")
                            .allReduceAsync("short");
                    Collective<String> atMember =
                            context.getBean(CamureGroups.class).collective("longest", String.class);
                    assertThat(atMember.allReduce("the longest").value()).isEqualTo("the longest");
                    assertThat(there).succeedsWithin(Duration.ofSeconds(30));
                });
    }

    @Test
    void applicationsAtTheSameTimeDoNotHearEachOther() {
        TestApplications.application("coordinator")
                .run(one -> TestApplications.application("coordinator").run(other -> {
                    CamureTestInbox atOne = one.getBean(CamureTestNetwork.class)
                            .joinMember("alice")
                            .joinBroadcast("news");
                    CamureTestInbox atOther = other.getBean(CamureTestNetwork.class)
                            .joinMember("alice")
                            .joinBroadcast("news");

                    one.getBean(BroadcastGroup.class).send("one".getBytes(StandardCharsets.UTF_8));
                    other.getBean(BroadcastGroup.class).send("other".getBytes(StandardCharsets.UTF_8));
                    atOne.awaitMessages(1);
                    atOther.awaitMessages(1);

                    assertThat(atOne).hasReceived("one");
                    assertThat(atOther).hasReceived("other");
                    assertThat(one.getBean(Coordinator.class).address())
                            .isEqualTo(other.getBean(Coordinator.class).address());
                }));
    }

    @Test
    void applicationsCanShareANetwork() {
        try (CamureTestNetwork network = CamureTestNetwork.create()) {
            TestApplications.application("coordinator")
                    .withBean(CamureTestNetwork.class, () -> network, bean -> bean.setDestroyMethodName(""))
                    .run(coordinator -> TestApplications.application("member")
                            .withPropertyValues("camure.test.coordinators=false")
                            .withBean(CamureTestNetwork.class, () -> network, bean -> bean.setDestroyMethodName(""))
                            .run(member -> assertThat(network.awaitRound(
                                            coordinator.getBean("start-line", Barrier.class),
                                            member.getBean("start-line", Barrier.class)))
                                    .hasParticipants(2)));
        }
    }

    @Test
    void aPausedApplicationGoesOnWhenItIsRestarted() {
        TestApplications.application("member").run(context -> {
            CamureTestCoordinator coordinator = context.getBean(CamureTestCoordinator.class);
            awaitRound(context);
            AbstractApplicationContext application =
                    context.getSourceApplicationContext(AbstractApplicationContext.class);

            application.pause();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(coordinator.barrier("start-line")).hasMemberCount(0));
            application.restart();

            awaitRound(context);
        });
    }

    @Test
    void aStoppedCoordinatorGoesOnWhenItIsStarted() {
        TestApplications.application("coordinator").run(context -> {
            CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
            network.joinMember("alice").joinBarrier("start-line");
            context.getSourceApplicationContext().stop();
            context.getSourceApplicationContext().start();

            network.awaitRound(
                    context.getBean("start-line", Barrier.class),
                    network.joinMember("bob").joinBarrier("start-line"));
        });
    }

    @Test
    void nodesThatTheTestStartsAreInTheSessionOfTheApplicationsName() {
        TestApplications.application("member")
                .withPropertyValues("camure.session-name=production")
                .run(CamureTestAutoConfigurationTest::awaitRound);
        TestApplications.application("coordinator")
                .withPropertyValues("camure.session-name=production")
                .run(context -> {
                    CamureTestNetwork network = context.getBean(CamureTestNetwork.class);

                    assertThat(network.joinMember("alice")
                                    .joinBarrier("start-line")
                                    .isOpen())
                            .isTrue();
                });
    }

    @Test
    void eachSessionThatIsJoinedHasACoordinator() {
        TestApplications.application("member")
                .withPropertyValues(
                        "camure.sessions.new-orders.role=member",
                        "camure.sessions.new-orders.groups.orders-gate.type=barrier",
                        "camure.sessions.new-orders.groups.orders-gate.id=2",
                        "camure.sessions.billing.role=coordinator")
                .run(context -> {
                    Map<String, CamureTestCoordinator> coordinators =
                            context.getBeansOfType(CamureTestCoordinator.class);
                    assertThat(coordinators).containsOnlyKeys("camureTestCoordinator", "newOrdersTestCoordinator");
                    CamureTestCoordinator orders = coordinators.get("newOrdersTestCoordinator");
                    CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
                    network.awaitRound(orders.barrier("orders-gate"), context.getBean("orders-gate", Barrier.class));
                    network.session("billing").joinMember("alice");
                });
    }

    @Test
    void aVariableForASessionWithADashMakesNoSecondOne() {
        TestApplications.application("member")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment",
                                Map.of(
                                        "CAMURE_GROUPS_STARTLINE_TIMEOUT",
                                        "20s",
                                        "CAMURE_SESSIONS_NEWORDERS_GROUPS_ORDERSGATE_TIMEOUT",
                                        "20s"))))
                .withPropertyValues(
                        "camure.sessions.new-orders.role=member",
                        "camure.sessions.new-orders.groups.orders-gate.type=barrier",
                        "camure.sessions.new-orders.groups.orders-gate.id=2")
                .run(context -> {
                    assertThat(context.getBeansOfType(CamureTestCoordinator.class))
                            .containsOnlyKeys("camureTestCoordinator", "newOrdersTestCoordinator");
                    context.getBean(CamureTestNetwork.class)
                            .awaitRound(
                                    context.getBean("newOrdersTestCoordinator", CamureTestCoordinator.class)
                                            .barrier("orders-gate"),
                                    context.getBean("orders-gate", Barrier.class));
                });
    }

    @Test
    void coordinatorsAreThereBeforeAnybodyAsksForThem() {
        TestApplications.application("member")
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withPropertyValues("camure.member.startup-timeout=20s")
                .run(CamureTestAutoConfigurationTest::awaitRound);
    }

    @Test
    void theKitIsStrongerThanTheApplicationsOwnAddresses() {
        TestApplications.application("member")
                .withBean("own", CamureConnectionDetails.class, () -> new CamureConnectionDetails() {
                    @Override
                    public String getCoordinatorAddress(String session) {
                        return "192.0.2.1:7400";
                    }
                })
                .withBean(
                        MemberConfigCustomizer.class,
                        () -> (session, builder) ->
                                builder.network(CamureTestNetwork.create().host("elsewhere")))
                .run(context -> assertThat(
                                context.getBean(Member.class).address().getHostName())
                        .isEqualTo("application"));
    }

    @Test
    void nothingIsStartedWhenCamureIsOff() {
        TestApplications.application("member")
                .withPropertyValues("camure.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CamureTestCoordinator.class)
                        .doesNotHaveBean(Member.class));
    }

    @Test
    void anIncompleteGroupIsNamedByTheApplicationItself() {
        TestApplications.application("member")
                .withPropertyValues("camure.groups.untyped.id=9")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("camure.groups.untyped.type"));
    }
}
