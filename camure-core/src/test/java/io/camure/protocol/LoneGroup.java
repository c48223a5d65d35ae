package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.LoneCoordinator.Sent;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.List;

/** A coordinator alone with a group, for whose members the test speaks. */
abstract class LoneGroup {

    static final int ID = 3;
    static final int MEMBERSHIP = 40;
    static final NodeIdentity IDENTITY = new NodeIdentity("", LoneCoordinator.NODE, 1);
    static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);

    final LoneCoordinator coordinator = new LoneCoordinator();
    ManagedGroup<BarrierRound> group;

    void create(Admission admission) {
        group = coordinator.session.create(BarrierKind.BARRIER, ID, admission, LossPolicy.CONTINUE);
        assertThat(group.id()).isEqualTo(ID);
    }

    void ask(InetSocketAddress address) {
        ask(address, MEMBERSHIP);
    }

    void ask(InetSocketAddress address, int membership) {
        coordinator.receiveGroupJoin(address, ID, GroupType.BARRIER, membership);
    }

    void confirm(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.welcomeAck(chunk, ID, 0, MEMBERSHIP));
    }

    void leave(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.groupLeave(chunk, ID, MEMBERSHIP));
    }

    void leaveSession(InetSocketAddress address, long incarnation, int memberId) {
        coordinator.receive(address, chunk -> {
            ChunkWriter.session(chunk, ChunkType.SESSION_LEAVE);
            Extension.offer(0, 0, 0, incarnation).withMemberId(memberId).write(chunk);
        });
    }

    List<SessionEvent> events() {
        return coordinator.session.outbox().takeEvents();
    }

    List<ChunkType> sentTypes() {
        return coordinator.sent().stream().map(Sent::type).toList();
    }
}
