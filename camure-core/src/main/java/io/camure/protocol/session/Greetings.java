package io.camure.protocol.session;

import io.camure.protocol.group.GroupLink;
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

    private final GroupLink link;
    private final SessionSettings settings;
    private final long incarnation;

    Greetings(GroupLink link, long incarnation) {
        this.link = link;
        this.incarnation = incarnation;
        settings = link.settings();
    }

    /** @param negotiated whether the node has made an offer */
    void welcome(Peer peer, boolean negotiated) {
        ByteBuffer welcome = link.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        if (negotiated) {
            answer(peer.id()).write(welcome);
        }
        link.send(peer.address(), welcome);
    }

    void refuseVersion(InetSocketAddress source, long nowNanos) {
        if (!link.answerLimit().allows(source, nowNanos)) {
            link.counters().onDropped(DropReason.UNANSWERED);
            return;
        }
        link.counters().onDropped(DropReason.UNKNOWN_VERSION);
        ByteBuffer refusal = link.control();
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        answer(0).write(refusal);
        link.send(source, refusal);
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
