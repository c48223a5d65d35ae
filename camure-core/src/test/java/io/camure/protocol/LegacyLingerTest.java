package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A legacy member loses what it has not read when it is told that its group is closed, so it is given time to leave. */
class LegacyLingerTest {

    private static final int ID = 3;
    private static final int MEMBERSHIP = 40;
    private static final InetSocketAddress LEGACY = new InetSocketAddress("10.0.0.3", 20000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.4", 20000);
    private static final long LINGER_NANOS = SECONDS.toNanos(3);

    private final LoneCoordinator coordinator = new LoneCoordinator(64, LINGER_NANOS);

    private ManagedGroup<BarrierRound> group(InetSocketAddress... legacyMembers) {
        ManagedGroup<BarrierRound> group =
                coordinator.session.create(BarrierKind.BARRIER, ID, AUTOMATIC, LossPolicy.CONTINUE);
        coordinator.receiveGroupJoin(NODE, ID, GroupType.BARRIER, MEMBERSHIP);
        coordinator.receive(NODE, chunk -> ChunkWriter.welcomeAck(chunk, ID, 0, MEMBERSHIP));
        for (InetSocketAddress address : legacyMembers) {
            coordinator.receive(address, chunk -> ChunkWriter.groupJoin(chunk, ID, GroupType.BARRIER));
            coordinator.receive(address, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, ID, 0));
        }
        assertThat(group.memberCount()).isEqualTo(1 + legacyMembers.length);
        coordinator.sent();
        return group;
    }

    private void leave(InetSocketAddress address, int membership) {
        coordinator.receive(address, chunk -> ChunkWriter.groupLeave(chunk, ID, membership));
    }

    private void heartbeat(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));
    }

    @Test
    void onlyNegotiatedMembersAreToldOfTheEndAtOnce() {
        ManagedGroup<BarrierRound> group = group(LEGACY, OTHER);
        group.close(0);

        assertThat(coordinator.sent()).extracting(Sent::destination).containsExactly(NODE);
        assertThat(group.isLingering()).isTrue();
        assertThat(group.memberCount()).isZero();
    }

    @Test
    void whoHasNotLeftWhenTheTimeIsOverIsToldAgainAndAgain() {
        ManagedGroup<BarrierRound> group = group(LEGACY, OTHER);
        group.close(0);
        leave(NODE, MEMBERSHIP);
        coordinator.nowNanos = SECONDS.toNanos(1);
        leave(OTHER, 0);
        assertThat(coordinator.sent()).last().satisfies(answer -> {
            assertThat(answer.destination()).isEqualTo(OTHER);
            assertThat(answer.chunk().reason()).isEqualTo(DisconnectReason.LEAVE);
        });
        heartbeat(LEGACY);
        List<Sent> told = List.of();
        while (told.isEmpty()) {
            told = coordinator.passDeadline();
        }
        assertThat(coordinator.nowNanos).isEqualTo(LINGER_NANOS);
        assertThat(told).singleElement().satisfies(end -> {
            assertThat(end.destination()).isEqualTo(LEGACY);
            assertThat(end.chunk().reason()).isEqualTo(DisconnectReason.CLOSED);
        });
        assertThat(group.isLingering()).isFalse();
        assertThat(group.isCloseConfirmed()).isFalse();
        assertThat(coordinator.passDeadline()).extracting(Sent::destination).containsExactly(LEGACY);
        assertThat(coordinator.nowNanos).isEqualTo(LINGER_NANOS + MILLISECONDS.toNanos(20));
        leave(LEGACY, 0);

        assertThat(group.isCloseConfirmed()).isTrue();
    }

    @Test
    void theGroupEndsWhenTheLastOneHasLeft() {
        ManagedGroup<BarrierRound> group = group(LEGACY, OTHER);
        group.close(0);
        leave(NODE, MEMBERSHIP);
        leave(LEGACY, 0);
        assertThat(group.isLingering()).isTrue();
        leave(OTHER, 0);

        assertThat(group.isLingering()).isFalse();
        assertThat(group.isCloseConfirmed()).isTrue();
        assertThat(coordinator.sent())
                .filteredOn(one -> !one.destination().equals(NODE))
                .extracting(one -> one.chunk().reason())
                .containsOnly(DisconnectReason.LEAVE);
    }

    @Test
    void whoIsLostIsNotWaitedFor() {
        ManagedGroup<BarrierRound> group = group(LEGACY);
        coordinator.nowNanos = LoneCoordinator.TIMEOUT_NANOS - 1;
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));
        group.close(coordinator.nowNanos);
        leave(NODE, MEMBERSHIP);
        while (!group.isCloseConfirmed()) {
            coordinator.passDeadline();
        }

        assertThat(coordinator.nowNanos).isEqualTo(LoneCoordinator.TIMEOUT_NANOS);
    }

    @Test
    void whatALingeringMemberSaysGetsNoAnswerThatWouldEndIt() {
        ManagedGroup<BarrierRound> group = group(LEGACY);
        group.close(0);
        coordinator.sent();
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.BARRIER_REACHED, ID, 0));
        coordinator.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, ID, 0));
        coordinator.receive(LEGACY, chunk -> ChunkWriter.groupJoin(chunk, ID, GroupType.BARRIER));

        assertThat(coordinator.sent()).isEmpty();
        assertThat(group.isLingering()).isTrue();
    }

    @Test
    void withoutALingerLegacyMembersAreToldAtOnce() {
        LoneCoordinator hasty = new LoneCoordinator(64, 0);
        ManagedGroup<BarrierRound> group =
                hasty.session.create(BarrierKind.BARRIER, ID, AUTOMATIC, LossPolicy.CONTINUE);
        hasty.receive(LEGACY, chunk -> ChunkWriter.groupJoin(chunk, ID, GroupType.BARRIER));
        hasty.receive(LEGACY, chunk -> ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, ID, 0));
        hasty.sent();
        group.close(0);

        assertThat(hasty.sent()).extracting(Sent::destination).containsExactly(LEGACY);
        assertThat(group.isLingering()).isFalse();
    }

    /** The queue of a legacy member, which is gone when it hears of the end. */
    private static final class LateReader implements LegacyMember.Application {

        private final Queue<Integer> unread = new ArrayDeque<>();
        private final List<Integer> read = new ArrayList<>();

        @Override
        public void onChunk(ChunkType type, ByteBuffer payload) {
            unread.add(payload.getInt());
        }

        private void readAll(LegacyMember member, int last) {
            if (!member.isOver()) {
                read.addAll(unread);
                unread.clear();
                if (read.contains(last)) {
                    member.leave(ID);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whoHasAcknowledgedAndReadsInTimeLosesNothing(int seed) {
        int messages = 50;
        SplittableRandom random = new SplittableRandom(seed);
        Session session =
                new Session(new Faults(0.1, 0, MILLISECONDS.toNanos(1), MILLISECONDS.toNanos(5)), 64, LINGER_NANOS);
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, ID, AUTOMATIC, SlowMemberPolicy.WAIT);
        LateReader reader = new LateReader();
        LegacyMember member = new LegacyMember(Session.COORDINATOR, LegacyMember.NO_GROUP, ID, reader);
        session.network.add(LegacyMember.ADDRESS, member);
        session.network.receiveMulticast(LegacyMember.ADDRESS);
        member.join(session.now());
        session.network.runUntil(session.now() + SECONDS.toNanos(30), () -> group.memberCount() == 1);
        for (int i = 0; i < messages; i++) {
            session.network.runUntil(
                    session.now() + SECONDS.toNanos(30),
                    () -> group.work().window().room() > 0);
            Session.write(group, i, session.now());
        }
        group.work().window().ask(session.now());
        session.network.runUntil(session.now() + SECONDS.toNanos(30), group::isDrained);
        group.stop();
        group.close(session.now());
        session.network.runFor(random.nextLong(LINGER_NANOS - MILLISECONDS.toNanos(10)));
        reader.readAll(member, messages - 1);

        assertThat(reader.read).isEqualTo(IntStream.range(0, messages).boxed().toList());
    }
}
