package io.camure.protocol;

import static io.camure.protocol.LoneCoordinator.NODE;
import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of a broadcast is on its way at most, and who is slow at it, by what its members report. */
class StreamLimitsTest {

    private static final int GROUP = 1;
    private static final int MEMBERSHIP = 40;
    private static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);
    private static final long PATIENCE_NANOS = SECONDS.toNanos(2);

    private final LoneCoordinator coordinator = new LoneCoordinator(512);
    private final ManagedGroup<BroadcastSending> group = coordinator.session.create(
            BroadcastKind.BROADCAST, GROUP, AUTOMATIC, new SlowMemberPolicy(PATIENCE_NANOS, false));
    private final SendWindow window = group.work().window();
    private final long first = window.nextSequence();
    private long sent = first;

    private void join(InetSocketAddress address, int windowChunks) {
        coordinator.receiveGroupJoin(address, GROUP, GroupType.BROADCAST, MEMBERSHIP, windowChunks, 1 << 20);
        coordinator.nowNanos += MILLISECONDS.toNanos(1);
        coordinator.receive(address, chunk -> ChunkWriter.welcomeAck(chunk, GROUP, window.nextSequence(), MEMBERSHIP));
        coordinator.sent();
        coordinator.session.outbox().takeEvents();
    }

    /** Writes until there is no more room, and gives back how many chunks have left. */
    private int fill() {
        while (window.room() > 0) {
            window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(300), coordinator.nowNanos);
        }
        return newlySent();
    }

    private int newlySent() {
        int chunks = (int) coordinator.sent().stream()
                .filter(one -> one.type().isBroadcast())
                .count();
        sent += chunks;
        return chunks;
    }

    private void report(InetSocketAddress address, long firstMissing, long end, int room, int... bitmap) {
        coordinator.receive(address, chunk -> {
            ChunkWriter.broadcastStatus(chunk, GROUP, firstMissing, end, room, first - 1, 0, MEMBERSHIP);
            for (int bits : bitmap) {
                chunk.put((byte) bits);
            }
        });
    }

    @BeforeEach
    void aMemberIsIn() {
        join(NODE, 1000);
    }

    @Test
    void aWindowThatWasUsedAndHasArrivedIsDoubled() {
        assertThat(fill()).isEqualTo(64);
        report(NODE, sent, sent, 1000);

        assertThat(fill()).isEqualTo(128);
    }

    @Test
    void aWindowThatHasLostMoreThanAFewShrinks() {
        fill();
        int[] everyOther = new int[8];
        Arrays.fill(everyOther, 0x55);
        report(NODE, first, sent, 1000, everyOther);
        int repeated = newlySent();
        sent -= repeated;
        assertThat(repeated).isEqualTo(33);
        report(NODE, sent, sent, 1000);
        fill();

        // 0.7 of 64.
        assertThat(sent - first - 64).isEqualTo(44);
    }

    private static NodeIdentity identity(InetSocketAddress address) {
        return new NodeIdentity("", address, 1);
    }

    @Test
    void whoWasSlowIsSoUntilItHasAllThatWasOnItsWayThen() {
        fill();
        while (!coordinator.session.outbox().hasEvents()) {
            coordinator.passDeadline();
        }
        assertThat(coordinator.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.MemberSlow(GROUP, identity(NODE)));
        long slowUntil = sent;
        report(NODE, slowUntil - 1, slowUntil, 1000);
        assertThat(coordinator.session.outbox().hasEvents()).isFalse();
        assertThat(window.receipts().slow()).containsExactly(identity(NODE));
        report(NODE, slowUntil, slowUntil, 1000);

        assertThat(coordinator.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.MemberCaughtUp(GROUP, identity(NODE)));
        assertThat(window.receipts().slow()).isEmpty();
    }

    @Test
    void whoHasAllAndNoRoomIsSlowFromWhenSomethingHasWaitedForIt() {
        join(OTHER, 1);
        window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(300), coordinator.nowNanos);
        report(NODE, first + 1, first + 1, 1000);
        report(OTHER, first + 1, first + 1, 0);
        coordinator.nowNanos += 2 * PATIENCE_NANOS;
        coordinator.receive(NODE, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));
        coordinator.receive(OTHER, chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT));
        coordinator.session.onDeadline(coordinator.nowNanos);
        window.write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(300), coordinator.nowNanos);
        long waitsSinceNanos = coordinator.nowNanos;
        while (!coordinator.session.outbox().hasEvents()) {
            coordinator.passDeadline();
        }

        assertThat(coordinator.nowNanos - waitsSinceNanos).isEqualTo(PATIENCE_NANOS);
        assertThat(coordinator.session.outbox().takeEvents())
                .containsExactly(new SessionEvent.MemberSlow(GROUP, identity(OTHER)));
    }
}
