package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.JoinToken;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link Stranger} can say in the name of a member or of the coordinator: nothing that changes anything. */
class StrangerTest {

    private final DisturbedSession disturbed = new DisturbedSession();
    private final Session session = disturbed.session;
    private final Stranger stranger = disturbed.stranger;
    private final ManagedGroup<BarrierRound> barrier = disturbed.barrier;
    private final ManagedGroup<BroadcastSending> broadcast = disturbed.broadcast;
    private final Session.Node node = disturbed.node;
    private final JoinedGroup<BarrierArrival> arrival = disturbed.arrival;
    private final JoinedGroup<BroadcastReceiving> received = disturbed.received;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0e0000", // the end of the barrier
                "0e0001", // of the broadcast
                "0e0001746f6f20736c6f77", // too slow
                "0e00006e6f742061206d656d626572", // not a member
                "0b00000000", // a welcome
                "0b0001000000000000",
                "2f00000000000000", // waiting
                "2f0000000000000001",
                "28", // refused
                "2801020303",
                "2801020202",
            })
    void whoSpeaksAsTheCoordinatorEndsNothing(String hex) {
        stranger.toMember(node, hex);
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void whoSpeaksAsTheCoordinatorReleasesNobodyAndBreaksNoRound() {
        arrival.work().arrive(session.now());
        for (int sequence = 0; sequence < 4; sequence++) {
            int wire = sequence;
            stranger.toMember(node, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_RELEASED, 0, wire));
            stranger.toMember(node, chunk -> ChunkWriter.barrierReleased(chunk, 0, wire, 2, 4711, 0));
            stranger.toMember(
                    node, chunk -> ChunkWriter.barrierBroken(chunk, 0, wire, 4711, 0, List.of(), Session.CHUNK_BYTES));
            stranger.toMember(node, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, 0, wire));
        }

        assertThat(arrival.work().outcome().round()).isZero();
        disturbed.requireThatAllGoesOn();
    }

    @Test
    void whoSpeaksAsTheCoordinatorSendsNoMessage() {
        long next = broadcast.work().window().nextSequence();
        for (ChunkType type : ChunkType.values()) {
            if (type.isBroadcast()) {
                for (int ahead = 0; ahead < 70; ahead++) {
                    long sequence = next + ahead;
                    stranger.toMember(node, chunk -> ChunkWriter.sequenced(chunk, type, 1, sequence));
                    stranger.toMember(node, chunk -> ChunkWriter.tagged(chunk, type, 1, sequence, 4711));
                    stranger.toMember(node, chunk -> ChunkWriter.broadcastQuery(chunk, 1, sequence, 4711));
                    stranger.toMember(
                            node, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BROADCAST_QUERY, 1, sequence));
                }
            }
        }

        assertThat(received.work().window().nextType()).isNull();
        for (int i = 0; i < 200; i++) {
            disturbed.requireThatAllGoesOn();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d0000", // leaves
                "0d0001",
                "0d000000000001",
                "1e00000001", // arrives
                "1e00000002",
                "1e00000001ffffffff00000001",
                "0c00000000", // acknowledges
                "0c000100000b",
                "00", // joins anew
                "0a000001",
                "0a000100",
                "2c", // says goodbye
                "2c01020202",
                "02",
            })
    void whoSpeaksAsAMemberChangesNothing(String hex) {
        stranger.toCoordinator(node.address, hex);

        assertThat(barrier.work().arrivedMembers()).isEmpty();
        disturbed.requireThatAllGoesOn();
        assertThat(session.coordinator.peerCount()).isOne();
    }

    @Test
    void whoAcknowledgesInTheNameOfAMemberHasNothingTakenForReceived() {
        session.network.dropIf((source, destination, chunk) -> !source.equals(node.address));
        Session.write(broadcast, disturbed.messages, session.now());
        session.network.runFor(MILLISECONDS.toNanos(1));
        long next = broadcast.work().window().nextSequence();
        for (int membership : new int[] {0, 1, 4711}) {
            stranger.toCoordinator(
                    node.address,
                    chunk -> ChunkWriter.broadcastStatus(chunk, 1, next, next, 100, next - 1, 0, membership));
        }
        assertThat(broadcast.isDrained()).isFalse();

        session.network.dropIf((source, destination, chunk) -> false);
        session.settle();
        assertThat(Session.read(received)).containsExactly(disturbed.messages++);
    }

    @Test
    void whoSpeaksAsAMemberThatIsGoneDoesNotKeepItInTheSession() {
        session.network.kill(node.address);
        for (int i = 0; i < 60; i++) {
            session.network.runFor(MILLISECONDS.toNanos(100));
            stranger.toCoordinator(node.address, "02");
            stranger.toCoordinator(node.address, "0c00000000");
            stranger.toCoordinator(node.address, "00");
            stranger.toCoordinator(node.address, AddressProofTest.join(4711, JoinToken.NONE));
        }

        assertThat(session.coordinator.peerCount()).isZero();
        assertThat(barrier.memberCount()).isZero();
    }

    @Test
    void whoSpeaksAsACoordinatorThatIsGoneDoesNotKeepAMemberWaiting() {
        session.network.kill(Session.COORDINATOR);
        for (int i = 0; i < 60; i++) {
            session.network.runFor(MILLISECONDS.toNanos(100));
            stranger.toMember(node, "1f00000009");
            stranger.toMember(node, "0c00000000");
            stranger.toMember(node, "3000000001");
            stranger.toMember(node, "0b0009000000000000");
        }

        assertThat(node.session.loss()).isNotNull();
    }
}
