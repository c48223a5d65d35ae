package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import org.junit.jupiter.api.Test;

/** A node whose first welcome was withdrawn, and whose second one gets lost, where nodes prove what they have. */
class WithdrawnWelcomeTest {

    private final DisturbedSession disturbed = new DisturbedSession();
    private final Session session = disturbed.session;
    private final Session.Node joining = session.member();

    @Test
    void itsProofsAreNotCountedFromTheSecondOneThatItDoesNotKnow() {
        session.network.dropIf(
                (source, destination, chunk) -> source.equals(joining.address) && chunk.type() != ChunkType.GROUP_JOIN);
        JoinedGroup<BroadcastReceiving> late = joining.joinBroadcast(1);
        session.network.runUntil(session.now() + SECONDS.toNanos(1), late::wasJoined);
        assertThat(disturbed.broadcast.hasOpenAdmission()).isTrue();
        session.network.runFor(MILLISECONDS.toNanos(1200));
        assertThat(disturbed.broadcast.hasOpenAdmission()).as("withdrawn").isFalse();
        disturbed.requireThatAllGoesOn();
        session.network.dropIf((source, destination, chunk) ->
                destination.equals(joining.address) && chunk.type() == ChunkType.GROUP_WELCOME);
        session.network.runUntil(session.now() + SECONDS.toNanos(2), disturbed.broadcast::hasOpenAdmission);
        session.network.runFor(MILLISECONDS.toNanos(1500));

        assertThat(disturbed.broadcast.memberCount()).isOne();
        assertThat(session.coordinator.counters().dropped(DropReason.UNIDENTIFIED))
                .isZero();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(late.state()).as("it can't begin later any more").isEqualTo(JoinedGroup.State.OUT);
        joining.session.removeGroup(late);
        JoinedGroup<BroadcastReceiving> again = joining.joinBroadcast(1);
        session.settle();
        Session.write(disturbed.broadcast, 7, session.now());
        session.settle();
        assertThat(Session.read(again)).containsExactly(7);
    }
}
