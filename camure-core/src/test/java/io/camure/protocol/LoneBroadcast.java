package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import io.camure.wire.SequenceNumbers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A coordinator alone with a broadcast, for whose members the test speaks. */
abstract class LoneBroadcast {

    static final int GROUP = 1;
    static final int MEMBERSHIP = 40;
    static final InetSocketAddress NODE = LoneCoordinator.NODE;
    static final InetSocketAddress OTHER = new InetSocketAddress("10.0.0.3", 10000);
    static final long ROUND_TRIP_NANOS = MILLISECONDS.toNanos(30);

    /** Of a single measurement. */
    static final long TIMEOUT_NANOS = 3 * ROUND_TRIP_NANOS;

    final LoneCoordinator coordinator = new LoneCoordinator();
    final ManagedGroup<BroadcastSending> group;
    final SendWindow window;
    final long first;

    LoneBroadcast() {
        this(SlowMemberPolicy.WAIT);
    }

    LoneBroadcast(SlowMemberPolicy slowMemberPolicy) {
        group = coordinator.session.create(BroadcastKind.BROADCAST, GROUP, AUTOMATIC, slowMemberPolicy);
        window = group.work().window();
        first = window.nextSequence();
    }

    void join(InetSocketAddress address) {
        join(address, 64, 1 << 20);
    }

    void join(InetSocketAddress address, int windowChunks, int bufferBytes) {
        coordinator.receiveGroupJoin(address, GROUP, GroupType.BROADCAST, MEMBERSHIP, windowChunks, bufferBytes);
        coordinator.nowNanos += ROUND_TRIP_NANOS;
        acknowledgeWelcome(address);
        assertThat(group.hasOpenAdmission()).isFalse();
        coordinator.sent();
    }

    void acknowledgeWelcome(InetSocketAddress address) {
        coordinator.receive(address, chunk -> ChunkWriter.welcomeAck(chunk, GROUP, window.nextSequence(), MEMBERSHIP));
    }

    void write() {
        write(ChunkType.BROADCAST_MESSAGE, 300);
    }

    void write(ChunkType type, int bytes) {
        window.write(type, ByteBuffer.allocate(bytes), coordinator.nowNanos);
    }

    void pass(long nanos) {
        coordinator.nowNanos += nanos;
    }

    /** A report that tells nothing of the round trip. */
    void report(InetSocketAddress address, long firstMissing, long end, int room, int... bitmap) {
        report(address, firstMissing, end, room, first - 1, 0, bitmap);
    }

    void report(
            InetSocketAddress address, long firstMissing, long end, int room, long newest, long micros, int... bitmap) {
        coordinator.receive(address, chunk -> {
            ChunkWriter.broadcastStatus(chunk, GROUP, firstMissing, end, room, newest, micros, MEMBERSHIP);
            for (int bits : bitmap) {
                chunk.put((byte) bits);
            }
        });
    }

    /** Sequence numbers of the data that was sent since the last call, from the first of the stream on. */
    List<Long> dataSent() {
        return coordinator.sent().stream()
                .filter(one -> one.type().isBroadcast())
                .map(one -> SequenceNumbers.extend(first, one.chunk().sequence()) - first)
                .toList();
    }

    long at(long millis) {
        return coordinator.nowNanos + MILLISECONDS.toNanos(millis);
    }
}
