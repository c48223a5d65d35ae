package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camure.DisconnectedException.Reason;
import io.camure.simulation.VirtualSession;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls say of what is lost, and what a member does about it. In virtual time. */
@Timeout(60)
class LossTest {

    private static final Duration COORDINATOR_TIMEOUT = MemberConfig.defaults().coordinatorTimeout();
    private static final GroupConfig PRICES =
            GroupConfig.builder().id(4).name("prices").build();
    private static final MembershipConfig JOINED_PRICES =
            MembershipConfig.builder().id(4).name("prices").build();

    private final VirtualSession session = new VirtualSession();

    private Member rejoining(String name) throws InterruptedException {
        return Member.join(
                session.address("hub"),
                session.config(name)
                        .rejoin(Rejoin.backOff(Duration.ofSeconds(3), Duration.ofSeconds(3)))
                        .build());
    }

    private static DisconnectedException failure(Barrier barrier) {
        return catchThrowableOfType(DisconnectedException.class, barrier::await);
    }

    private void loseTheCoordinator() {
        session.host("hub").disconnect();
        session.sleep(COORDINATOR_TIMEOUT.plusMillis(2500));
    }

    @Test
    void callsSaySinceWhenTheCoordinatorIsLostAndWhatIsTriedNext() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier unused = hub.createBarrier(PRICES);
            try (Member spoke = rejoining("spoke")) {
                Barrier barrier = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                loseTheCoordinator();

                DisconnectedException early = failure(barrier);
                assertThat(early.reason()).isEqualTo(Reason.COORDINATOR_LOST);
                assertThat(early)
                        .hasMessageMatching(
                                "spoke: barrier prices can't be used until it is joined again: nothing was heard"
                                        + " from the coordinator hub \\([0-9.:]+\\) for 5s; lost [123]s ago, next try in [0-9]+m?s");

                Loss first = barrier.loss().orElseThrow();
                assertThat(first.lastTry()).isEmpty();
                assertThat(first.nextTry().orElseThrow())
                        .isBetween(first.since(), first.since().plusSeconds(4));

                session.sleep(Duration.ofSeconds(5));
                assertThat(failure(barrier))
                        .hasMessageMatching(
                                ".*hub \\([0-9.:]+\\) for 5s; lost [0-9]+s ago, .*, the last one [0-9]+m?s ago"
                                        + " failed: [0-9.:]+ has not answered [0-9]+ requests from [0-9.:]+");
                assertThat(catchThrowableOfType(DisconnectedException.class, () -> spoke.joinBroadcast(5)))
                        .hasMessageContaining("spoke can't be used until it is joined again: nothing was heard");
                Loss loss = spoke.loss().orElseThrow();
                assertThat(loss.cause()).isSameAs(barrier.loss().orElseThrow().cause());
                assertThat(loss.lastTry().orElseThrow().why()).hasMessageContaining("has not answered");
                assertThat(loss.lastTry().orElseThrow().time()).isAfter(loss.since());

                session.host("hub").connect();
                session.sleep(Duration.ofSeconds(10));
                assertThat(spoke.loss()).isEmpty();
                assertThat(barrier.loss()).isEmpty();
                assertThat(barrier.isOpen()).isTrue();
            }
        });
    }

    @Test
    void whoWaitsWhenTheCoordinatorIsLostIsToldTheSame() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier unused = hub.createBarrier(PRICES);
            try (Member spoke = rejoining("spoke")) {
                Barrier barrier = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                session.start(
                        "waiting", () -> assertThat(failure(barrier).reason()).isEqualTo(Reason.COORDINATOR_LOST));
                loseTheCoordinator();
            }
        });
    }

    @Test
    void whatAMemberHasLostForGoodStaysLostWhenItIsClosed() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier unused = hub.createBarrier(PRICES);
            Member spoke = session.member("spoke");
            Barrier barrier = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
            loseTheCoordinator();

            Loss loss = barrier.loss().orElseThrow();
            assertThat(loss.nextTry()).isEmpty();
            assertThat(loss.lastTry()).isEmpty();
            assertThat(spoke.loss().orElseThrow().cause()).isInstanceOf(DisconnectedException.class);
            spoke.close();
            assertThat(failure(barrier).reason()).isEqualTo(Reason.COORDINATOR_LOST);
            assertThat(spoke.loss()).as("it is wanted no longer").isEmpty();
            assertThat(barrier.loss()).isEmpty();
        });
    }

    @Test
    void whatANodeHasClosedItselfIsNotLost() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier atHub = hub.createBarrier(PRICES);
            try (Member spoke = rejoining("spoke");
                    Member single = session.member("single")) {
                Barrier rejoined = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                Barrier once = single.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                for (Barrier closing : new Barrier[] {rejoined, once, atHub}) {
                    closing.close();
                    assertThat(closing.loss()).isEmpty();
                    assertThat(failure(closing)).hasMessage(closing + " was closed by this node");
                    assertThat(failure(closing).reason()).isEqualTo(Reason.CLOSED);
                }
            }
        });
    }

    @Test
    void whatWasLostBeforeItWasClosedIsLostNoLonger() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier unused = hub.createBarrier(PRICES);
            for (Rejoin rejoin : new Rejoin[] {Rejoin.never(), Rejoin.backOff()}) {
                Member spoke = Member.join(
                        session.address("hub"),
                        session.config("spoke").rejoin(rejoin).build());
                Barrier barrier = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                loseTheCoordinator();
                assertThat(barrier.loss()).isPresent();
                barrier.close();
                assertThat(barrier.loss()).isEmpty();
                assertThat(spoke.loss()).as("the session is").isPresent();
                spoke.close();
                assertThat(spoke.loss()).isEmpty();
                session.host("hub").connect();
            }
        });
    }

    @Test
    void aGroupThatTheCoordinatorHasClosedIsToldFromALostCoordinator() throws Exception {
        session.play(hub -> {
            CoordinatorBarrier atHub = hub.createBarrier(PRICES);
            try (Member spoke = rejoining("spoke")) {
                Barrier barrier = spoke.joinBarrier(JOINED_PRICES, COORDINATOR_TIMEOUT);
                atHub.close();
                session.sleep(Duration.ofSeconds(1));

                assertThat(failure(barrier).reason()).isEqualTo(Reason.GROUP_CLOSED);
                assertThat(failure(barrier))
                        .hasMessageContainingAll("the coordinator closed the group", "next try in ");
                assertThat(barrier.loss()).isPresent();
                assertThat(spoke.loss()).isEmpty();
            }
        });
    }
}
