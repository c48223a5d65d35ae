package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CamureException;
import io.camure.Rejoin;
import io.camure.node.rejoin.Rejoining.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is tried when, after a loss, in virtual time. */
class RejoiningTest {

    private static final CamureException WHY = new CamureException("lost on purpose");

    private long nowNanos = SECONDS.toNanos(1000);
    private Rejoining rejoining = with(1);

    private static Rejoining with(long seed) {
        Random random = new Random(seed);
        return new Rejoining(() -> new BackOff(Rejoin.backOff(), random));
    }

    /** Lets time pass until something is to be done. */
    private Rejoining.Step nextAction() {
        Rejoining.Step step = rejoining.next(nowNanos);
        while (step.action() == Action.WAIT) {
            nowNanos = step.untilNanos();
            step = rejoining.next(nowNanos);
        }
        return step;
    }

    private static Rejoining.Step ask(int group, long nowNanos) {
        return new Rejoining.Step(Action.ASK_FOR_GROUP, group, nowNanos);
    }

    private void pass(long nanos) {
        nowNanos += nanos;
    }

    @Test
    void thereIsNothingToDoWhileNothingIsLost() {
        assertThat(rejoining.next(nowNanos)).isEqualTo(Rejoining.NOTHING);
        rejoining.onGroupLost(3, WHY, nowNanos);
        rejoining.onGroupJoined(3, nowNanos);
        assertThat(rejoining.next(nowNanos)).isEqualTo(Rejoining.NOTHING);
    }

    @Test
    void aLostSessionIsTriedAfterAShortPauseAndThenLessAndLessOften() {
        long lostNanos = nowNanos;
        rejoining.onSessionLost(WHY, nowNanos);
        List<Long> pausesMillis = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long sinceNanos = nowNanos;
            assertThat(nextAction().action()).isEqualTo(Action.TRY_SESSION);
            pausesMillis.add((nowNanos - sinceNanos) / 1_000_000);
            pass(SessionJoin.TRY_NANOS);
            rejoining.onSessionTryFailed(WHY, nowNanos);
        }

        assertThat(pausesMillis.get(0)).isBetween(500L, 750L);
        assertThat(pausesMillis.get(7)).isBetween(2500L, 5000L);
        assertThat(rejoining.onSessionJoined(nowNanos)).isEqualTo(Duration.ofNanos(nowNanos - lostNanos));
    }

    @Test
    void whoHasSaidGoodbyeIsLookedForAtOnceAndOftenAndLaterAsAnyOther() {
        long lostNanos = nowNanos;
        rejoining.onSessionHandedOver(WHY, nowNanos);
        Rejoining.Step first = nextAction();
        assertThat(first.action()).isEqualTo(Action.TRY_SESSION);
        assertThat(nowNanos).isEqualTo(lostNanos);
        assertThat(first.untilNanos() - nowNanos).isEqualTo(MILLISECONDS.toNanos(200));
        for (int tries = 1; tries < 10; tries++) {
            assertThat(rejoining.onSessionTryFailed(WHY, nowNanos)).isFalse();
            long sinceNanos = nowNanos;
            assertThat(nextAction().action()).isEqualTo(Action.TRY_SESSION);
            assertThat(nowNanos - sinceNanos).isBetween(MILLISECONDS.toNanos(50), MILLISECONDS.toNanos(150));
        }
        rejoining.onSessionTryFailed(WHY, nowNanos);
        long sinceNanos = nowNanos;
        Rejoining.Step later = nextAction();
        assertThat(nowNanos - sinceNanos).isBetween(MILLISECONDS.toNanos(500), MILLISECONDS.toNanos(750));
        assertThat(later.untilNanos() - nowNanos).isEqualTo(SessionJoin.TRY_NANOS);
    }

    /** By then at the latest the locator knows the new address: a try at the old one may be under way. */
    @Test
    void aCoordinatorThatIsElsewhereWhenItsLossIsNoticedIsJoinedWithinTwoSecondsWithTheFirstTry() {
        for (int seed = 0; seed < 1000; seed++) {
            rejoining = with(seed);
            long lostNanos = nowNanos;
            rejoining.onSessionLost(WHY, nowNanos);
            assertThat(nextAction().action()).isEqualTo(Action.TRY_SESSION);
            // Even when that one finds it with its last datagram only.
            pass(SessionJoin.TRY_NANOS);

            assertThat(nowNanos - lostNanos).isLessThanOrEqualTo(SECONDS.toNanos(2));
        }
    }

    @Test
    void groupsWaitForTheSessionAndAreThenAskedForAtOnce() {
        rejoining.onGroupLost(1, WHY, nowNanos);
        rejoining.onSessionLost(WHY, nowNanos);
        rejoining.onGroupLost(2, WHY, nowNanos);
        pass(MINUTES.toNanos(5));
        assertThat(rejoining.next(nowNanos).action()).isEqualTo(Action.TRY_SESSION);
        rejoining.onSessionJoined(nowNanos);

        assertThat(rejoining.next(nowNanos)).isEqualTo(ask(1, nowNanos));
        assertThat(rejoining.next(nowNanos)).isEqualTo(ask(2, nowNanos));
        assertThat(rejoining.next(nowNanos).action()).isEqualTo(Action.WAIT);
        pass(MILLISECONDS.toNanos(3));
        assertThat(rejoining.onGroupJoined(1, nowNanos))
                .isEqualTo(Duration.ofMinutes(5).plusMillis(3));
    }

    @Test
    void aGroupThatCanNotBeJoinedKeepsNoOtherWaiting() {
        rejoining.onGroupLost(1, WHY, nowNanos);
        assertThat(nextAction()).isEqualTo(ask(1, nowNanos));
        rejoining.onGroupLost(2, WHY, nowNanos);
        long lostNanos = nowNanos;

        assertThat(nextAction()).isEqualTo(ask(2, nowNanos));
        assertThat(nowNanos - lostNanos).isLessThanOrEqualTo(MILLISECONDS.toNanos(750));
        rejoining.onGroupTryFailed(1, WHY, nowNanos);
        assertThat(nextAction()).isEqualTo(ask(1, nowNanos));
    }

    @Test
    void aGroupThatIsLeftIsNotAskedForAnyMore() {
        rejoining.onGroupLost(1, WHY, nowNanos);
        rejoining.onGroupLeft(1);
        assertThat(rejoining.next(nowNanos)).isEqualTo(Rejoining.NOTHING);
        rejoining.onGroupTryFailed(1, WHY, nowNanos);
        assertThat(rejoining.next(nowNanos)).isEqualTo(Rejoining.NOTHING);
    }

    @Test
    void whatFailsAgainAndAgainIsWarnedOfOnceAMinute() {
        rejoining.onSessionLost(WHY, nowNanos);
        long endNanos = nowNanos + MINUTES.toNanos(10);
        int warnings = 0;
        while (nowNanos < endNanos) {
            nextAction();
            if (rejoining.onSessionTryFailed(WHY, nowNanos)) {
                warnings++;
            }
        }
        assertThat(warnings).isBetween(9, 11);
    }

    @Test
    void aGroupThatIsNotAnsweredForIsWarnedOfAfterAWhileAndThenOnceAMinute() {
        rejoining.onGroupLost(1, WHY, nowNanos);
        assertThat(nextAction().action()).isEqualTo(Action.ASK_FOR_GROUP);
        long askedNanos = nowNanos;
        assertThat(nextAction().action()).isEqualTo(Action.WARN_OF_GROUP);
        assertThat(nowNanos - askedNanos).isEqualTo(Rejoining.GROUP_PATIENCE_NANOS);
        assertThat(nextAction().action()).isEqualTo(Action.WARN_OF_GROUP);
        assertThat(nowNanos - askedNanos).isEqualTo(Rejoining.GROUP_PATIENCE_NANOS + Outage.WARNING_INTERVAL_NANOS);
    }
}
