package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
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
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cases in which camure 0.1.1 loses, doubles or mixes up data, or lets somebody through a barrier too early. */
class LostDataTest {

    private static final InetSocketAddress LEGACY_PEER = new InetSocketAddress("10.0.0.3", 20000);

    /** A GroupJoin for broadcast group 1. */
    private static final byte[] LEGACY_JOIN = {10, 0, 1, 0};

    @Test
    @Tag("long")
    void aChunkThatStaysLostHoldsTheStreamUpInsteadOfBeingTakenForOneOfTheNextTurnOfItsNumber() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        int lostNumber = SequenceNumbers.toWire(group.work().window().nextSequence() + 3);
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BROADCAST_MESSAGE && chunk.sequence() == lostNumber);

        List<Integer> messages = new ArrayList<>();
        int written = 0;
        for (int i = 0; i < 300; i++) {
            while (group.work().window().room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.network.runFor(MILLISECONDS.toNanos(100));
            messages.addAll(Session.read(received));
        }
        assertThat(messages).containsExactly(0, 1, 2);
        assertThat(written)
                .as("the window spans 64 numbers from the lost one on")
                .isEqualTo(67);

        session.network.dropIf((source, destination, chunk) -> false);
        while (written < 70_000) {
            while (group.work().window().room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.network.runFor(MILLISECONDS.toNanos(1));
            messages.addAll(Session.read(received));
        }
        session.settle();
        messages.addAll(Session.read(received));
        assertThat(messages).isEqualTo(IntStream.range(0, written).boxed().toList());
    }

    @Test
    void whatIsHeldBackForANodeThatDoesNotComeInIsSentBeforeTheGroupIsClosed() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        // A legacy peer that asks to be admitted and does not answer.
        session.coordinator.onDatagram(LEGACY_PEER, ByteBuffer.wrap(LEGACY_JOIN), session.now());
        session.network.runFor(MILLISECONDS.toNanos(10));
        Session.write(group, 6, session.now());
        group.stop();
        group.endAdmissions(session.now());
        session.network.runFor(MILLISECONDS.toNanos(10));

        assertThat(group.isDrained()).isTrue();
        assertThat(Session.read(received)).containsExactly(6);
    }

    @Test
    void nothingNewIsSentWhileALegacyPeerIsBeingAdmitted() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> member = session.member().joinBroadcast(1);
        session.settle();
        session.coordinator.onDatagram(LEGACY_PEER, ByteBuffer.wrap(LEGACY_JOIN), session.now());
        session.network.runFor(MILLISECONDS.toNanos(50));
        long first = group.work().window().nextSequence();
        Session.write(group, 4, session.now());
        session.network.runFor(MILLISECONDS.toNanos(50));
        assertThat(Session.read(member))
                .as("a legacy peer would acknowledge and drop it")
                .isEmpty();

        byte[] ack = {12, 0, 1, (byte) (first >> 8), (byte) first};
        session.coordinator.onDatagram(LEGACY_PEER, ByteBuffer.wrap(ack), session.now());
        session.settle();
        assertThat(Session.read(member)).containsExactly(4);
    }

    @Test
    void aNegotiatedPeerThatIsBeingAdmittedHoldsNobodyUpAndMissesNothing() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> member = session.member().joinBroadcast(1);
        session.settle();
        Session.Node joiner = session.member();
        session.network.dropIf((source, destination, chunk) ->
                destination.equals(joiner.address) && chunk.type() == ChunkType.GROUP_WELCOME);
        JoinedGroup<BroadcastReceiving> joining = joiner.joinBroadcast(1);
        session.network.runFor(MILLISECONDS.toNanos(20));
        Session.write(group, 4, session.now());
        session.network.runFor(MILLISECONDS.toNanos(1));
        assertThat(Session.read(member)).containsExactly(4);

        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(Session.read(joining)).containsExactly(4);
    }

    @Test
    void whatHasArrivedCanBeReadAfterTheGroupWasClosed() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        IntStream.range(0, 50).forEach(i -> Session.write(group, i, session.now()));
        session.settle();
        group.close(session.now());
        session.settle();

        assertThat(received.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(Session.read(received)).hasSize(50);
    }

    @Test
    void aRoundThatWasReleasedCountsAlsoWhenTheGroupIsClosedRightAfterIt() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        JoinedGroup<BarrierArrival> joined = session.member().joinBarrier(0);
        session.settle();
        long round = joined.work().arrive(session.now());
        session.network.runFor(MILLISECONDS.toNanos(1));
        group.work().arrive(session.now());
        group.close(session.now());
        session.settle();

        assertThat(joined.state()).isEqualTo(JoinedGroup.State.OUT);
        assertThat(joined.work().outcome().round()).isEqualTo(round);
    }

    @Test
    void theAcknowledgementOfARepeatedWelcomeIsNotTakenForThatOfTheFirstChunk() {
        // A round trip of 300 ms: the welcome is sent three times before it is acknowledged.
        Session session = new Session(new Faults(0, 0, MILLISECONDS.toNanos(150), 0));
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        Session.Node node = session.member();
        JoinedGroup<BroadcastReceiving> received = node.joinBroadcast(1);
        int[] sends = {0};
        session.network.dropIf(
                (source, destination, chunk) -> chunk.type() == ChunkType.BROADCAST_MESSAGE && sends[0]++ < 2);
        session.network.runUntil(session.now() + SECONDS.toNanos(5), () -> group.memberCount() == 1);
        Session.write(group, 7, session.now());
        session.network.runFor(SECONDS.toNanos(10));

        assertThat(Session.read(received)).containsExactly(7);
        assertThat(group.work().window().isAcknowledged(group.work().window().nextSequence()))
                .isTrue();
    }

    @Test
    void theAcknowledgementOfAWelcomeThatALegacyMemberRepeatsIsNotTakenForThatOfTheFirstChunk() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        ByteBuffer join = ByteBuffer.wrap(new byte[] {10, 0, 1, 0});
        session.coordinator.onDatagram(COORDINATOR, join, session.now());
        // Nothing comes back for a while, so that the welcome is repeated once.
        session.network.runFor(MILLISECONDS.toNanos(150));
        long first = group.work().window().nextSequence();
        byte[] ack = {12, 0, 1, (byte) (first >> 8), (byte) first};
        session.coordinator.onDatagram(COORDINATOR, ByteBuffer.wrap(ack), session.now());
        Session.write(group, 1, session.now());
        session.coordinator.onDatagram(COORDINATOR, ByteBuffer.wrap(ack), session.now());
        assertThat(group.work().window().isAcknowledged(first + 1))
                .as("after both welcomes")
                .isFalse();

        session.coordinator.onDatagram(COORDINATOR, ByteBuffer.wrap(ack), session.now());
        assertThat(group.work().window().isAcknowledged(first + 1))
                .as("after the chunk, too")
                .isTrue();
    }

    @Test
    void aMessageThatWasGivenUpIsToldAtOnceAndTheNextOneIsWhole() {
        Session session = new Session();
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> received = session.member().joinBroadcast(1);
        session.settle();
        ByteBuffer fragment = ByteBuffer.allocate(503);
        group.work().window().write(ChunkType.BROADCAST_FIRST_FRAGMENT, fragment, session.now());
        group.work().window().abandonMessage(session.now());
        session.settle();

        assertThat(received.work().window().nextType()).isEqualTo(ChunkType.BROADCAST_FIRST_FRAGMENT);
        assertThat(Session.readChunk(received)).hasSize(503);
        assertThat(received.work().window().nextType()).isEqualTo(ChunkType.BROADCAST_FIRST_FRAGMENT);
        assertThat(Session.readChunk(received)).isEmpty();
        Session.write(group, 5, session.now());
        session.settle();
        assertThat(Session.read(received)).containsExactly(5);
    }

    @Test
    void aLostMemberIsNamedAndABarrierWithoutMembersWaits() {
        Session session = new Session();
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node stays = session.member();
        Session.Node dies = session.member();
        JoinedGroup<BarrierArrival> staying = stays.joinBarrier(0);
        dies.joinBarrier(0);
        session.settle();
        session.network.kill(dies.address);
        staying.work().arrive(session.now());
        group.work().arrive(session.now());
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));

        assertThat(group.work().outcome().round()).isZero();
        assertThat(group.work().outcome().participants()).isEqualTo(2);
        assertThat(group.work().outcome().lostMembers()).containsExactly(dies.identity());

        session.network.kill(stays.address);
        session.network.runFor(Session.MEMBER_TIMEOUT_NANOS + SECONDS.toNanos(1));
        group.work().arrive(session.now());
        session.network.runFor(SECONDS.toNanos(30));
        assertThat(group.work().outcome().round()).as("nobody to go on with").isZero();
    }
}
