package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.camure.RoundHistory.Arrival;
import io.camure.RoundHistory.Participant;
import io.camure.RoundHistory.PastRound;
import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who kept a barrier waiting, as its coordinator tells it. */
class RoundHistoryTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private CoordinatorBarrier barrier;
    private Node coordinator;
    private Node early;
    private Node late;
    private Barrier atEarly;
    private Barrier atLate;

    @BeforeEach
    void join() throws Exception {
        Coordinator at = loopback.coordinator();
        barrier = at.createBarrier(GROUP.toBuilder().expectedMembers(2).build());
        Member first = loopback.member(at);
        Member second = loopback.member(at);
        atEarly = first.joinBarrier(barrier.id());
        atLate = second.joinBarrier(barrier.id());
        coordinator = new Node(at.name(), at.address(), at.incarnation());
        early = new Node(first.name(), first.address(), first.incarnation());
        late = new Node(second.name(), second.address(), second.incarnation());
        barrier.awaitMembers(2, LONG);
    }

    /** A round at which all arrive in this order. */
    private void meet() throws Exception {
        Background<Round> waiting = Loopback.awaitInBackground(barrier);
        await().atMost(LONG).until(() -> barrier.progress().coordinatorArrived());
        Background<Round> waitingEarly = Loopback.awaitInBackground(atEarly);
        await().atMost(LONG).until(() -> barrier.progress().arrived().contains(early));
        atLate.await(LONG);
        waiting.result();
        waitingEarly.result();
    }

    @Test
    void itTellsWhoWasLastHowOftenAndForHowLong() throws Exception {
        assertThat(barrier.history().rounds()).isEmpty();
        assertThat(barrier.history().participants())
                .extracting(Participant::node, Participant::timesLast)
                .containsExactly(tuple(coordinator, 0L), tuple(early, 0L), tuple(late, 0L));

        meet();
        meet();

        RoundHistory history = barrier.history();
        assertThat(history.participants()).extracting(Participant::timesLast).containsExactly(0L, 0L, 2L);
        Duration caused = history.participants().get(2).waitCaused();
        Duration gaps = Duration.ZERO;
        assertThat(history.rounds()).extracting(PastRound::number).containsExactly(0L, 1L);
        for (PastRound round : history.rounds()) {
            List<Arrival> arrivals = round.arrivals();
            assertThat(arrivals).extracting(Arrival::node).containsExactly(coordinator, early, late);
            assertThat(arrivals.get(0).after()).isZero();
            assertThat(arrivals.get(2).after()).isEqualTo(round.duration());
            assertThat(round.broken()).isFalse();
            gaps = gaps.plus(arrivals.get(2).after().minus(arrivals.get(1).after()));
        }
        assertThat(caused).isPositive().isEqualTo(gaps);
    }

    @Test
    void whatWasBeforeTheFirstCallIsNotRecorded() throws Exception {
        meet();
        assertThat(barrier.history().rounds()).isEmpty();
        meet();
        assertThat(barrier.history().rounds()).extracting(PastRound::number).containsExactly(1L);
    }

    @Test
    void onlyTheLastRoundsAreKept() throws Exception {
        barrier.history();
        for (int round = 0; round < RoundHistory.ROUNDS + 5; round++) {
            meet();
        }
        List<PastRound> rounds = barrier.history().rounds();
        assertThat(rounds).hasSize(RoundHistory.ROUNDS);
        assertThat(rounds.get(0).number()).isEqualTo(5);
        assertThat(rounds).allSatisfy(round -> assertThat(round.arrivals()).hasSize(3));
        assertThat(barrier.history().participants().get(2).timesLast()).isEqualTo(RoundHistory.ROUNDS + 5);
    }

    @Test
    void aBrokenRoundBlamesNobody() throws Exception {
        barrier.history();
        Background<Round> waiting = Loopback.awaitInBackground(barrier);
        await().atMost(LONG).until(() -> barrier.progress().coordinatorArrived());
        barrier.reset();
        assertThat(waiting.failure()).isInstanceOf(RoundBrokenException.class);

        RoundHistory history = barrier.history();
        assertThat(history.rounds())
                .singleElement()
                .satisfies(round -> assertThat(round.broken()).isTrue())
                .satisfies(round ->
                        assertThat(round.arrivals()).extracting(Arrival::node).containsExactly(coordinator));
        assertThat(history.participants()).extracting(Participant::timesLast).containsOnly(0L);
    }

    @Test
    void theRoundTripOfEachMemberIsToldOnceItIsMeasured() throws Exception {
        assertThat(barrier.history().participants())
                .extracting(Participant::roundTrip)
                .allMatch(Optional::isEmpty);
        await().atMost(LONG).until(() -> {
            meet();
            return barrier.history().participants().stream()
                    .skip(1)
                    .allMatch(one -> one.roundTrip().isPresent());
        });
        assertThat(barrier.history().participants().get(0).roundTrip()).isEmpty();
    }
}
