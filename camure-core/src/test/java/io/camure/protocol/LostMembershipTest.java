package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memberships that end at the coordinator without the member having been told: it learns that all the same. */
class LostMembershipTest {

    private final Session session = new Session();
    private final CoordinatorGroup barrier = session.coordinator.createBarrier(0, AUTOMATIC);
    private final CoordinatorGroup broadcast = session.coordinator.createBroadcast(1, AUTOMATIC);

    private void replayGoodbyes(List<SimulatedNetwork.Transmission> sent) {
        List<SimulatedNetwork.Transmission> goodbyes =
                sent.stream().filter(one -> one.type() == ChunkType.GROUP_LEAVE).toList();
        assertThat(goodbyes).isNotEmpty();
        goodbyes.forEach(
                one -> session.coordinator.onDatagram(one.source(), ByteBuffer.wrap(one.bytes()), session.now()));
    }

    private static void assertEvicted(MemberGroup group) {
        assertThat(group.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
    }

    @Test
    void aMemberThatWasForgottenGetsIntoAGroupUnderItsNewName() {
        Session.Node other = session.member();
        other.joinBarrier(0);
        Session.Node member = session.member();
        session.settle();
        // What it hears keeps it sure of the coordinator, which hears nothing of it.
        session.network.dropIf((source, destination, chunk) -> source.equals(member.address));
        long forgottenNanos = session.now() + Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1);
        while (session.now() < forgottenNanos) {
            barrier.round().arrive(session.now());
            other.session.groups().get(0).arrival().arrive(session.now());
            session.network.runFor(SECONDS.toNanos(1) / 10);
        }
        assertThat(session.coordinator.peerCount()).isEqualTo(1);
        session.network.dropIf((source, destination, chunk) ->
                source.equals(member.address) && chunk.type() == ChunkType.SESSION_JOIN);

        MemberGroup joining = member.joinBroadcast(1);
        session.network.runFor(SECONDS.toNanos(1) / 2);
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertEvicted(joining);
        member.session.removeGroup(joining);
        MemberGroup again = member.joinBroadcast(1);
        session.settle();
        assertThat(again.state()).isEqualTo(MemberGroup.State.JOINED);
        assertThat(broadcast.memberCount()).isEqualTo(1);
    }

    @Test
    void aMemberWhoseAdmissionHasLapsedLearnsItThoughNothingIsSent() {
        Session.Node member = session.member();
        MemberGroup waiting = member.joinBarrier(0);
        session.settle();
        // So that it is not silent altogether.
        waiting.arrival().arrive(session.now());
        session.network.dropIf((source, destination, chunk) -> chunk.type() == ChunkType.GROUP_ACK
                || chunk.type() == ChunkType.BROADCAST_RECEIPT
                || chunk.type() == ChunkType.GROUP_DISCONNECTED);
        MemberGroup joined = member.joinBroadcast(1);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));
        assertThat(joined.state()).isEqualTo(MemberGroup.State.JOINED);
        assertThat(broadcast.hasOpenAdmission()).isFalse();
        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();

        assertEvicted(joined);
    }

    @Test
    void aMemberThatALateGoodbyeHasThrownOutLearnsItThoughNothingIsSent() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        MemberGroup first = member.joinBroadcast(1);
        session.settle();
        first.leave(session.now());
        session.settle();
        member.session.removeGroup(first);
        MemberGroup again = member.joinBroadcast(1);
        session.settle();
        assertThat(broadcast.memberCount()).isEqualTo(1);
        replayGoodbyes(sent);
        session.settle();

        assertEvicted(again);
    }

    @Test
    void aMemberThatALateGoodbyeHasThrownOutDoesNotWaitAtABarrier() {
        List<SimulatedNetwork.Transmission> sent = session.network.record();
        Session.Node member = session.member();
        MemberGroup first = member.joinBarrier(0);
        session.settle();
        first.leave(session.now());
        session.settle();
        member.session.removeGroup(first);
        MemberGroup again = member.joinBarrier(0);
        session.settle();
        replayGoodbyes(sent);
        again.arrival().arrive(session.now());
        session.settle();

        assertEvicted(again);
    }
}
