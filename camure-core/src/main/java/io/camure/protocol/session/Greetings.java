package io.camure.protocol.session;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What a coordinator answers to a node that asks to be let into the session: what it is like, or that it can't speak with it. */
final class Greetings {

    private final SessionSettings settings;
    private final long incarnation;
    private final Outbox outbox;
    private final ProtocolCounters counters;

    Greetings(SessionSettings settings, long incarnation, Outbox outbox, ProtocolCounters counters) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** @param negotiated whether the node has made an offer */
    void welcome(Peer peer, boolean negotiated) {
        ByteBuffer welcome = outbox.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        if (negotiated) {
            answer(peer.id()).write(welcome);
        }
        outbox.sendWritten(peer.address(), welcome);
    }

    void refuseVersion(InetSocketAddress source) {
        counters.onDropped(DropReason.UNKNOWN_VERSION);
        ByteBuffer refusal = outbox.control();
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        answer(0).write(refusal);
        outbox.sendWritten(source, refusal);
    }

    private Extension answer(int memberId) {
        return new Extension(
                Extension.VERSION,
                Extension.VERSION,
                Capability.ALL,
                settings.windowChunks(),
                settings.receiveBufferBytes(),
                incarnation,
                memberId,
                0,
                settings.name(),
                settings.delivery(),
                0);
    }
}
