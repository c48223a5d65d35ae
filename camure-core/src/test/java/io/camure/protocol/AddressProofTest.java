package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import io.camure.wire.JoinToken;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link Stranger} gets by joining in the name of others: nothing, as long as it does not receive what is sent there. */
class AddressProofTest {

    private static final InetSocketAddress NOBODY = new InetSocketAddress("10.0.0.66", 6666);

    private final DisturbedSession disturbed = new DisturbedSession();
    private final Session session = disturbed.session;
    private final Stranger stranger = disturbed.stranger;
    private final ManagedGroup<BarrierRound> barrier = disturbed.barrier;
    private final Session.Node node = disturbed.node;

    private static String hexOf(ByteBuffer written) {
        return HexFormat.of().formatHex(written.array(), 0, written.position());
    }

    private static Extension offer(long incarnation) {
        return Extension.offer(Capability.ALL, 128, 1 << 20, incarnation);
    }

    static String join(long incarnation, JoinToken token) {
        ByteBuffer join = ByteBuffer.allocate(500);
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        offer(incarnation).withToken(token).write(join);
        Extension.pad(join, 200);
        return hexOf(join);
    }

    private static String groupJoin(long incarnation) {
        ByteBuffer join = ByteBuffer.allocate(500);
        ChunkWriter.groupJoin(join, 0, GroupType.BARRIER);
        offer(incarnation).withMembership(1).write(join);
        Extension.pad(join, 200);
        return hexOf(join);
    }

    @Test
    void aJoinOfANewNodeIsNothingBeforeItHasProvenItsAddressAndIsAnsweredByNoMoreBytes() {
        long unproven = session.coordinator.counters().dropped(DropReason.UNPROVEN);
        List<Transmission> sent = session.network.record();
        for (String join : List.of(join(5, JoinToken.NONE), join(5, new JoinToken(1, 2)), groupJoin(5))) {
            sent.clear();
            stranger.toCoordinator(NOBODY, join);
            session.network.runFor(1);

            assertThat(Stranger.bytesTo(sent, NOBODY)).isPositive().isLessThanOrEqualTo(join.length() / 2);
        }
        session.settle();

        assertThat(session.coordinator.peerCount()).isOne();
        assertThat(session.coordinator.counters().dropped(DropReason.UNPROVEN)).isEqualTo(unproven + 3);
        assertThat(barrier.memberships()).hasSize(1);
        assertThat(session.coordinator.outbox().takeEvents()).isEmpty();
        disturbed.requireThatAllGoesOn();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // what is answered at all is answered by no more than was asked with
                "02",
                "0a000001",
                "0a000100",
                "0a00090001020202020400000fff",
                "0a0000010102020202040000007f",
                "0d0000",
                "0d000000000001",
                "0c00000000",
                "1e00000000",
                "29000100000000000000000000000000000000",
                "2c01020202",
                "0001020309",
                "0001020202",
                "00010202020204000001ff",
                "00010202020204000003ff040800000000000000050b026575",
                "0a008101020202080161",
            })
    void nobodyIsSentMoreThanWasSentInHisName(String hex) {
        List<Transmission> sent = session.network.record();
        for (int i = 0; i < 50; i++) {
            stranger.toCoordinator(NOBODY, hex);
        }
        session.network.runFor(SECONDS.toNanos(6));

        assertThat(Stranger.bytesTo(sent, NOBODY)).isLessThanOrEqualTo(50L * hex.length() / 2);
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void aStormOfJoinsTakesNoSeat() {
        for (int i = 0; i < 100_000; i++) {
            InetSocketAddress name =
                    new InetSocketAddress("10.1." + (i >> 8 & 255) + "." + (i & 255), 1024 + (i >> 16));
            stranger.toCoordinator(name, chunk -> {
                ChunkWriter.session(chunk, ChunkType.SESSION_JOIN);
                offer(5).write(chunk);
                Extension.pad(chunk, 200);
            });
            session.coordinator.outbox().transmit((datagrams, bytes, destination) -> {});
        }
        assertThat(session.coordinator.peerCount()).isOne();

        Session.Node late = session.member();
        assertThat(late.session.isJoined()).isTrue();
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void aTokenIsOfNoUseToAnotherNodeNorForLong() {
        List<Transmission> sent = session.network.record();
        stranger.toCoordinator(NOBODY, join(5, JoinToken.NONE));
        session.network.runFor(1);
        JoinToken token = sent.get(0).chunk().extension().token();
        stranger.toCoordinator(new InetSocketAddress("10.0.0.66", 6667), join(5, token));
        stranger.toCoordinator(NOBODY, join(7, token));
        assertThat(session.coordinator.peerCount()).isOne();

        session.network.runFor(SECONDS.toNanos(60));
        stranger.toCoordinator(NOBODY, join(5, token));
        assertThat(session.coordinator.peerCount()).isOne();

        sent.clear();
        stranger.toCoordinator(NOBODY, join(5, JoinToken.NONE));
        session.network.runFor(1);
        stranger.toCoordinator(NOBODY, join(5, sent.get(0).chunk().extension().token()));
        assertThat(session.coordinator.peerCount())
                .as("who has it in time is let in")
                .isEqualTo(2);
    }

    @Test
    void aReplayOfAnEarlierSessionChangesNothing() {
        List<Transmission> recorded = new ArrayList<>(session.network.record());
        session.network.kill(node.address);
        Session earlier = Session.ofHardenedNodes();
        List<Transmission> before = earlier.network.record();
        ManagedGroup<BarrierRound> itsBarrier =
                earlier.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
        Session.Node itsNode = earlier.member(node.address);
        JoinedGroup<BarrierArrival> itsArrival = itsNode.joinBarrier(0);
        earlier.settle();
        itsArrival.work().arrive(earlier.now());
        itsBarrier.work().arrive(earlier.now());
        earlier.settle();
        itsArrival.leave(earlier.now());
        itsNode.session.leave();
        earlier.settle();
        assertThat(recorded).isEmpty();

        // The session of today has begun with other random numbers than that of yesterday.
        session.startCoordinator(99);
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
        Session.Node today = session.restart(node);
        JoinedGroup<BarrierArrival> joined = today.joinBarrier(0);
        session.settle();
        before.forEach(one -> {
            ByteBuffer bytes = ByteBuffer.wrap(one.bytes());
            if (one.destination().equals(Session.COORDINATOR)) {
                session.coordinator.onDatagram(one.source(), bytes, session.now());
            } else {
                today.session.onDatagram(one.source(), bytes, session.now());
            }
        });
        session.settle();

        assertThat(today.session.loss()).isNull();
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        joined.work().arrive(session.now());
        group.work().arrive(session.now());
        session.settle();
        assertThat(joined.work().outcome().round()).isZero();
        assertThat(group.memberCount()).isOne();
    }

    @Test
    void nodesThatCantProveTheirAddressAreRefusedAndTheApplicationIsToldOnce() {
        List<Transmission> sent = session.network.record();
        stranger.toCoordinator(NOBODY, "00");
        stranger.toCoordinator(NOBODY, "0a000001");
        session.network.runFor(1);
        assertThat(sent).isEmpty();
        stranger.toCoordinator(NOBODY, "00" + "01020202" + "02040000007f" + "07026162");
        session.network.runFor(1);

        assertThat(sent)
                .as("an earlier build takes it for another version")
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.type()).isEqualTo(ChunkType.SESSION_REFUSED);
                    assertThat(one.chunk().extension().isUnderstood()).isFalse();
                });
        assertThat(session.coordinator.counters().dropped(DropReason.LEGACY_PEER))
                .isEqualTo(3);
        assertThat(session.coordinator.outbox().takeEvents())
                .singleElement()
                .isInstanceOf(SessionEvent.LegacyRefused.class);
        session.network.runFor(SECONDS.toNanos(61));
        stranger.toCoordinator(NOBODY, "00");
        assertThat(session.coordinator.outbox().takeEvents()).hasSize(1);
    }

    @Test
    void whoAsksForAGroupInTheNameOfALiveMemberWithoutAnyOfferDoesNotThrowItOutOfAMixedSession() {
        Session mixed = new Session();
        mixed.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.BREAK);
        Session.Node member = mixed.member();
        JoinedGroup<BarrierArrival> joined = member.joinBarrier(0);
        mixed.settle();
        Stranger outside = new Stranger(mixed);
        outside.toCoordinator(member.address, "00");
        outside.toCoordinator(member.address, "0a000001");
        outside.toCoordinator(member.address, "00010202020204000000ff");
        mixed.settle();

        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(member.session.loss()).isNull();
    }

    @Test
    void aMemberThatAsksACoordinatorWhichWasStartedAnewNoticesIt() {
        session.startCoordinator(2).create(BroadcastKind.BROADCAST, 7, AUTOMATIC, SlowMemberPolicy.WAIT);
        JoinedGroup<BroadcastReceiving> asked = node.joinBroadcast(7);
        session.network.runFor(MILLISECONDS.toNanos(10));

        assertThat(node.session.loss()).isNotNull();
        assertThat(asked.wasJoined()).isFalse();
    }
}
