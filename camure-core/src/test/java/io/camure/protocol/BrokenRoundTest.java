package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundOutcome;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds that end without everybody having arrived. */
class BrokenRoundTest {

    private final Session session = new Session();
    private final List<Session.Node> nodes = new ArrayList<>();
    private final List<JoinedGroup<BarrierArrival>> joined = new ArrayList<>();
    private ManagedGroup<BarrierRound> barrier;

    @BeforeEach
    void threeMembersAreInABarrierThatBreaks() {
        barrier = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
        for (int i = 0; i < 3; i++) {
            nodes.add(session.member());
            joined.add(nodes.get(i).joinBarrier(0));
        }
        session.settle();
        assertThat(barrier.memberCount()).isEqualTo(3);
        passARound(0);
    }

    private void passARound(long expected) {
        assertThat(barrier.work().arrive(session.now())).isEqualTo(expected);
        for (JoinedGroup<BarrierArrival> group : joined) {
            assertThat(group.work().arrive(session.now())).isEqualTo(expected);
        }
        session.settle();
        assertThat(outcomes()).allSatisfy(outcome -> {
            assertThat(outcome.round()).isEqualTo(expected);
            assertThat(outcome.broken()).isNull();
            assertThat(outcome.participants()).isEqualTo(joined.size() + 1);
        });
    }

    private List<RoundOutcome> outcomes() {
        List<RoundOutcome> outcomes = new ArrayList<>();
        outcomes.add(barrier.work().outcome());
        joined.forEach(group -> outcomes.add(group.work().outcome()));
        return outcomes;
    }

    private void lose(int member) {
        session.network.kill(nodes.get(member).address);
        joined.remove(member);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(2));
        assertThat(barrier.memberCount()).isEqualTo(joined.size());
    }

    private void assertBroken(long round, RoundBreak.Cause cause, InetSocketAddress... missing) {
        assertThat(outcomes()).allSatisfy(outcome -> {
            assertThat(outcome.round()).isEqualTo(round);
            assertThat(outcome.broken()).isNotNull();
            assertThat(outcome.broken().cause()).isEqualTo(cause);
            assertThat(outcome.broken().nodes())
                    .extracting(NodeIdentity::address)
                    .containsExactlyInAnyOrder(missing);
        });
    }

    @Test
    void theLossOfAMemberBreaksTheRoundForAllWhoWait() {
        barrier.work().arrive(session.now());
        joined.forEach(group -> {
            if (group != joined.get(2)) {
                group.work().arrive(session.now());
            }
        });
        session.settle();
        lose(2);

        assertBroken(1, RoundBreak.Cause.MEMBER_LOST, nodes.get(2).address);
        passARound(2);
    }

    @Test
    void whoHasNotArrivedYetFindsTheRoundBroken() {
        lose(2);
        assertThat(barrier.work().arrive(session.now())).isEqualTo(1);
        joined.forEach(group -> assertThat(group.work().arrive(session.now())).isEqualTo(1));

        assertBroken(1, RoundBreak.Cause.MEMBER_LOST, nodes.get(2).address);
        passARound(2);
    }

    @Test
    void aLossAfterABrokenRoundBreaksTheNextOne() {
        lose(2);
        lose(1);
        assertThat(barrier.work().arrive(session.now())).isEqualTo(2);
        joined.forEach(group -> assertThat(group.work().arrive(session.now())).isEqualTo(2));

        assertBroken(2, RoundBreak.Cause.MEMBER_LOST, nodes.get(1).address);
        passARound(3);
    }

    @Test
    void aReleaseThatGotLostIsNotForgottenOverTheBreakOfTheNextRound() {
        InetSocketAddress deaf = nodes.get(0).address;
        session.network.dropIf(
                (source, destination, chunk) -> destination.equals(deaf) && chunk.type() == ChunkType.BARRIER_RELEASED);
        barrier.work().arrive(session.now());
        joined.forEach(group -> group.work().arrive(session.now()));
        session.network.runFor(MILLISECONDS.toNanos(100));
        assertThat(barrier.work().outcome().round()).isEqualTo(1);
        lose(2);
        assertThat(joined.get(0).work().outcome().round()).isZero();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();

        assertThat(joined.get(0).work().outcome())
                .satisfies(outcome -> assertThat(outcome.round()).isEqualTo(1))
                .satisfies(outcome -> assertThat(outcome.broken()).isNull());
        barrier.work().arrive(session.now());
        joined.forEach(group -> group.work().arrive(session.now()));
        assertBroken(2, RoundBreak.Cause.MEMBER_LOST, nodes.get(2).address);
    }

    @Test
    void aResetNamesWhoHasNotArrived() {
        barrier.work().arrive(session.now());
        joined.get(0).work().arrive(session.now());
        session.settle();
        barrier.work().reset(session.now());
        session.settle();
        joined.get(1).work().arrive(session.now());
        joined.get(2).work().arrive(session.now());

        assertBroken(1, RoundBreak.Cause.RESET, nodes.get(1).address, nodes.get(2).address);
        passARound(2);
    }

    @Test
    void asManyNodesAsFitIntoTheChunkAreNamedWithTheLongestAddresses() {
        for (int i = 0; i < 20; i++) {
            nodes.add(session.member(new InetSocketAddress("fd00::" + i, 65535)));
            joined.add(nodes.get(nodes.size() - 1).joinBarrier(0));
        }
        session.settle();
        passARound(1);
        barrier.work().arrive(session.now());
        joined.subList(0, 3).forEach(group -> group.work().arrive(session.now()));
        session.settle();
        barrier.work().reset(session.now());
        session.settle();
        joined.subList(3, 23).forEach(group -> group.work().arrive(session.now()));

        assertThat(joined)
                .allSatisfy(group ->
                        assertThat(group.work().outcome().broken().nodes()).hasSize(ChunkWriter.NAMED_MISSING));
        passARound(3);
    }

    @Test
    void aResetWithNobodyThereChangesNothing() {
        barrier.work().reset(session.now());
        session.settle();

        passARound(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theEndOfABrokenRoundIsRepeatedUntilEverybodyKnows(int losses) {
        int[] left = {losses};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BARRIER_BROKEN && left[0]-- > 0);
        joined.forEach(group -> group.work().arrive(session.now()));
        session.settle();
        barrier.work().reset(session.now());
        session.network.runFor(SECONDS.toNanos(10));

        assertThat(joined)
                .allSatisfy(group -> assertThat(group.work().outcome().round()).isEqualTo(1));
    }

    @Test
    void aMemberThatLeavesBreaksNothing() {
        barrier.work().arrive(session.now());
        joined.get(0).work().arrive(session.now());
        joined.get(1).work().arrive(session.now());
        joined.get(2).leave(session.now());
        joined.remove(2);
        session.settle();

        assertThat(outcomes()).allSatisfy(outcome -> {
            assertThat(outcome.round()).isEqualTo(1);
            assertThat(outcome.broken()).isNull();
        });
    }

    @Test
    void anArrivalThatLetsARoundBeBrokenIsNoneAtTheNext() {
        barrier.work().arrive(session.now());
        joined.forEach(group -> group.work().arrive(session.now()));
        session.network.runFor(MILLISECONDS.toNanos(1));
        assertThat(outcomes()).allSatisfy(outcome -> assertThat(outcome.round()).isEqualTo(1));

        // It waits until all know of the round before, which their arrivals tell.
        barrier.work().arrive(session.now());
        barrier.work().reset(session.now());
        joined.forEach(group -> group.work().arrive(session.now()));
        session.settle();
        assertThat(outcomes()).allSatisfy(outcome -> {
            assertThat(outcome.round()).isEqualTo(2);
            assertThat(outcome.broken()).isNotNull();
        });

        barrier.work().arrive(session.now());
        joined.subList(0, 2).forEach(group -> group.work().arrive(session.now()));
        session.settle();
        assertThat(barrier.work().outcome().round()).isEqualTo(2);
        assertThat(barrier.work().missingMembers())
                .extracting(NodeIdentity::address)
                .containsExactly(nodes.get(2).address);
    }
}
