package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A node that was welcomed to a group and does not answer holds up the others for a few round trips. */
class UnansweredWelcomeTest {

    private static final InetSocketAddress NOBODY = new InetSocketAddress("10.0.0.66", 6666);

    private final Session session = new Session();
    private final ManagedGroup<BarrierRound> barrier =
            session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
    private final ManagedGroup<BroadcastSending> broadcast =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
    private final Session.Node node = session.member();
    private final Session.Node joining = session.member();
    private JoinedGroup<BarrierArrival> arrival;
    private JoinedGroup<BroadcastReceiving> received;
    private int messages;

    private void join() {
        arrival = node.joinBarrier(0);
        received = node.joinBroadcast(1);
        session.settle();
    }

    /** How many rounds are passed in a time. */
    private int roundsWithin(long nanos) {
        int rounds = 0;
        long endNanos = session.now() + nanos;
        while (session.now() < endNanos) {
            long round = arrival.work().arrive(session.now());
            barrier.work().arrive(session.now());
            session.network.runUntil(endNanos, () -> arrival.work().outcome().round() >= round);
            rounds += arrival.work().outcome().round() >= round ? 1 : 0;
            session.network.runFor(MILLISECONDS.toNanos(1));
        }
        return rounds;
    }

    private void requireMessage() {
        Session.write(broadcast, messages, session.now());
        session.network.runFor(MILLISECONDS.toNanos(20));
        assertThat(Session.read(received)).containsExactly(messages++);
    }

    @Test
    void roundsGoOnWithoutANodeThatSaysNothingMore() {
        join();
        int undisturbed = roundsWithin(SECONDS.toNanos(5));
        joining.joinBarrier(0);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), barrier::hasOpenAdmission);
        session.network.kill(joining.address);
        int disturbed = roundsWithin(SECONDS.toNanos(5));

        assertThat(disturbed).isGreaterThan(undisturbed * 9 / 10);
        assertThat(barrier.memberCount()).isOne();
    }

    @Test
    void aJoinFromNobodyEveryFourSecondsDoesNotStopABarrier() {
        join();
        int undisturbed = roundsWithin(SECONDS.toNanos(4));
        for (int i = 0; i < 3; i++) {
            new Stranger(session).toCoordinator(NOBODY, "0a000001");

            assertThat(roundsWithin(SECONDS.toNanos(4))).isGreaterThan(undisturbed / 2);
        }
    }

    @Test
    void joinsFromManyNobodiesStopABarrierForAPartOfTheTimeOnly() {
        join();
        int undisturbed = roundsWithin(SECONDS.toNanos(10));
        for (int i = 0; i < 500; i++) {
            new Stranger(session).toCoordinator(new InetSocketAddress("10.0.1." + i % 250, 7000 + i), "0a000001");
        }

        assertThat(roundsWithin(SECONDS.toNanos(10))).isGreaterThan(undisturbed / 2);
    }

    @Test
    void messagesGoOnWithoutANodeThatSaysNothingMore() {
        join();
        requireMessage();
        joining.joinBroadcast(1);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), broadcast::hasOpenAdmission);
        session.network.kill(joining.address);
        session.network.runFor(MILLISECONDS.toNanos(60));
        for (int i = 0; i < 500; i++) {
            requireMessage();
        }
    }

    /** All but its wish to join comes later than the group waits. */
    private void loseAnswersFor(long nanos) {
        long untilNanos = session.now() + nanos;
        session.network.dropIf((source, destination, chunk) ->
                session.now() < untilNanos && source.equals(joining.address) && chunk.type() != ChunkType.GROUP_JOIN);
    }

    @Test
    void whoAnswersTooLateToARoundTakesPartFromALaterOneOn() {
        join();
        roundsWithin(MILLISECONDS.toNanos(100));
        loseAnswersFor(MILLISECONDS.toNanos(400));
        JoinedGroup<BarrierArrival> late = joining.joinBarrier(0);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), late::wasJoined);
        long first = late.work().arrive(session.now());
        roundsWithin(MILLISECONDS.toNanos(350));
        assertThat(barrier.work().outcome().round()).isGreaterThan(first);

        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(2);
        long round = late.work().arrive(session.now());
        assertThat(arrival.work().arrive(session.now())).isEqualTo(round);
        barrier.work().arrive(session.now());
        session.settle();
        assertThat(late.work().outcome().round()).isEqualTo(round);
        assertThat(arrival.work().outcome().round()).isEqualTo(round);
    }

    @Test
    void whoAnswersTooLateToABroadcastHasItFromALaterMessageOn() {
        join();
        requireMessage();
        // It gets the welcome, and neither an answer of it nor a message gets through.
        long untilNanos = session.now() + MILLISECONDS.toNanos(200);
        session.network.dropIf((source, destination, chunk) -> session.now() < untilNanos
                && (source.equals(joining.address) && chunk.type() != ChunkType.GROUP_JOIN
                        || destination.equals(joining.address) && chunk.type() != ChunkType.GROUP_WELCOME));
        JoinedGroup<BroadcastReceiving> late = joining.joinBroadcast(1);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), late::wasJoined);
        session.network.runFor(MILLISECONDS.toNanos(100));
        requireMessage();
        requireMessage();
        session.settle();
        assertThat(broadcast.memberCount()).isEqualTo(2);
        int next = messages;
        requireMessage();
        session.settle();

        assertThat(Session.read(late))
                .as("and nothing of before")
                .endsWith(next)
                .doesNotContain(0, 1);
    }
}
