package io.camure.protocol;

import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A member whose coordinator and clock are the test: it gets what the test writes, at the time that the test sets. */
final class LoneMember {

    static final long TIMEOUT_NANOS = SECONDS.toNanos(9);
    static final long HEARTBEAT_NANOS = SECONDS.toNanos(1);
    static final long INCARNATION = 77;
    static final int ID = 5;

    final MemberSession session =
            new MemberSession(new MemberSettings(COORDINATOR, TIMEOUT_NANOS, 64, 1 << 20, "member"), new Random(1));

    long nowNanos;

    /** A member that has asked for the session at time 0. */
    LoneMember() {
        session.join(0);
    }

    /** Gets the welcome of a coordinator that makes no offer. */
    LoneMember inLegacySession() {
        receive(chunk ->
                ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, HEARTBEAT_NANOS));
        return began();
    }

    LoneMember inSession() {
        return inSession(HEARTBEAT_NANOS);
    }

    /** Gets the welcome of a negotiated coordinator that wants a heartbeat so often. */
    LoneMember inSession(long heartbeatNanos) {
        receive(chunk -> {
            ChunkWriter.sessionWelcome(chunk, SimulatedNetwork.MULTICAST, Session.CHUNK_BYTES, heartbeatNanos);
            answer(ID).write(chunk);
        });
        return began();
    }

    private LoneMember began() {
        assertThat(session.isJoined()).isTrue();
        sent();
        return this;
    }

    /** What its coordinator says of itself and calls a member. */
    static Extension answer(int memberId) {
        return new Extension(
                Extension.VERSION,
                Extension.VERSION,
                EarlierBuild.CAPABILITIES,
                64,
                1 << 20,
                INCARNATION,
                memberId,
                0,
                "",
                "",
                "",
                GroupDelivery.MULTICAST,
                0,
                0,
                JoinToken.NONE,
                PathReport.NONE);
    }

    void receive(Consumer<ByteBuffer> writer) {
        receive(COORDINATOR, writer);
    }

    void receive(InetSocketAddress source, Consumer<ByteBuffer> writer) {
        ByteBuffer datagram = ByteBuffer.allocate(1000);
        writer.accept(datagram);
        session.onDatagram(source, datagram.flip(), nowNanos);
    }

    /** Lets the time come at which it wants to do something, and gives back what it sends then. */
    List<ChunkType> passDeadline() {
        nowNanos = session.nextDeadlineNanos();
        session.onDeadline(nowNanos);
        return sentTypes();
    }

    /** Calls it at the given time, and not before, whatever was due. */
    List<ChunkType> callAt(long nanos) {
        nowNanos = nanos;
        session.onDeadline(nowNanos);
        return sentTypes();
    }

    /** What it has sent since the last call. */
    List<ChunkReader> sent() {
        List<ChunkReader> sent = new ArrayList<>();
        session.outbox().transmit((datagrams, datagramBytes, destination) -> {
            assertThat(destination).isEqualTo(COORDINATOR);
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                byte[] bytes = new byte[Math.min(datagramBytes, datagrams.limit() - start)];
                datagrams.get(start, bytes);
                ChunkReader chunk = new ChunkReader();
                assertThat(chunk.read(ByteBuffer.wrap(bytes))).isNull();
                sent.add(chunk);
            }
        });
        return sent;
    }

    List<ChunkType> sentTypes() {
        return sent().stream().map(ChunkReader::type).toList();
    }
}
