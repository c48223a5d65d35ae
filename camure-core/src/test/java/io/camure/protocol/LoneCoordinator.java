package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A coordinator whose members and clock are the test: it gets what the test writes, at the time that the test sets. */
final class LoneCoordinator {

    static final long TIMEOUT_NANOS = SECONDS.toNanos(5);
    static final InetSocketAddress NODE = new InetSocketAddress("10.0.0.2", 10000);

    final CoordinatorSession session;

    long nowNanos;

    LoneCoordinator() {
        this(64);
    }

    /** @param windowChunks how many chunks of a broadcast it keeps */
    LoneCoordinator(int windowChunks) {
        this(windowChunks, 0);
    }

    /** @param legacyLingerNanos how long the end of a group is kept from legacy members */
    LoneCoordinator(int windowChunks, long legacyLingerNanos) {
        SessionSettings settings = new SessionSettings(
                SimulatedNetwork.MULTICAST,
                PathSizes.given(Session.CHUNK_BYTES),
                SECONDS.toNanos(1),
                TIMEOUT_NANOS,
                legacyLingerNanos,
                100,
                windowChunks,
                1 << 20,
                "coordinator",
                GroupDelivery.MULTICAST,
                true);
        session = new CoordinatorSession(settings, new Random(1));
    }

    /** Something that it has sent. */
    record Sent(InetSocketAddress destination, ChunkReader chunk) {

        ChunkType type() {
            return chunk.type();
        }
    }

    void receive(InetSocketAddress source, Consumer<ByteBuffer> writer) {
        ByteBuffer datagram = ByteBuffer.allocate(Session.CHUNK_BYTES);
        writer.accept(datagram);
        session.onDatagram(source, datagram.flip(), nowNanos);
    }

    /** A negotiated peer, or one more incarnation of it, asks for the session. */
    void receiveJoin(InetSocketAddress source, long incarnation) {
        receive(source, chunk -> {
            ChunkWriter.session(chunk, ChunkType.SESSION_JOIN);
            offer(incarnation).write(chunk);
        });
    }

    /** A negotiated peer, the same incarnation each time, asks for a group. */
    void receiveGroupJoin(InetSocketAddress source, int group, GroupType type, int membership) {
        receiveGroupJoin(source, group, type, membership, 64, 1 << 20);
    }

    /** The same, of one that keeps so many chunks and has a socket buffer of that size. */
    void receiveGroupJoin(
            InetSocketAddress source, int group, GroupType type, int membership, int windowChunks, int bufferBytes) {
        receive(source, chunk -> {
            ChunkWriter.groupJoin(chunk, group, type);
            Extension.offer(EarlierBuild.CAPABILITIES, windowChunks, bufferBytes, 1)
                    .withMembership(membership)
                    .write(chunk);
        });
    }

    private static Extension offer(long incarnation) {
        return Extension.offer(EarlierBuild.CAPABILITIES, 64, 1 << 20, incarnation);
    }

    /** Lets the time come at which it wants to do something, and gives back what it sends then. */
    List<Sent> passDeadline() {
        nowNanos = session.nextDeadlineNanos();
        session.onDeadline(nowNanos);
        return sent();
    }

    /** When it sends a type, to whomever, in the time from now on until an end: once for what is sent together. */
    List<Long> timesOf(ChunkType type, long endNanos) {
        List<Long> times = new ArrayList<>();
        while (session.nextDeadlineNanos() < endNanos) {
            if (passDeadline().stream().anyMatch(one -> one.type() == type)) {
                times.add(nowNanos);
            }
        }
        return times;
    }

    /** What it has sent since the last call. */
    List<Sent> sent() {
        List<Sent> sent = new ArrayList<>();
        session.outbox().transmit((datagrams, datagramBytes, destination) -> {
            for (int start = datagrams.position(); start < datagrams.limit(); start += datagramBytes) {
                byte[] bytes = new byte[Math.min(datagramBytes, datagrams.limit() - start)];
                datagrams.get(start, bytes);
                ChunkReader chunk = new ChunkReader();
                assertThat(chunk.read(ByteBuffer.wrap(bytes))).isNull();
                sent.add(new Sent(destination, chunk));
            }
        });
        return sent;
    }

    long dropped(DropReason reason) {
        return session.counters().dropped(reason);
    }
}
