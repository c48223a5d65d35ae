package io.camure.protocol.session;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.Term;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a coordinator says to a node that it has let into its session. */
final class Welcomes {

    private final SessionSettings settings;
    private final Extension answer;
    private final List<InetSocketAddress> groupSources;
    private final Probes probes;
    private final long term;
    private final Outbox outbox;

    /**
     * @param answer what the coordinator says of itself
     * @param groupSources from where group traffic reaches members, if not only from the address that they ask
     * @param term in which the coordinator was elected; 0 when nobody has elected it
     */
    Welcomes(
            SessionSettings settings,
            Extension answer,
            List<InetSocketAddress> groupSources,
            Probes probes,
            long term,
            Outbox outbox) {
        this.settings = settings;
        this.answer = answer;
        this.groupSources = groupSources;
        this.probes = probes;
        this.term = term;
        this.outbox = outbox;
    }

    /** @param offer {@code null} from a legacy peer, which is told nothing that it does not understand */
    void tell(Peer peer, @Nullable Extension offer, long nowNanos) {
        outbox.codec().onWelcomed(peer.address(), nowNanos);
        ByteBuffer welcome = outbox.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        if (offer != null) {
            answer.withMemberId(peer.id()).withEcho(offer.incarnation()).write(welcome);
            ChunkWriter.groupSources(welcome, groupSources);
            Term.write(welcome, term);
            probes.tellMark(welcome, offer);
        }
        outbox.sendWritten(peer.address(), welcome);
    }

    /** Tells a node that understands it that the session is over, and another coordinator is to be looked for. */
    void tellEnd(Peer peer) {
        if (peer.can(Capability.HANDOVER)) {
            ByteBuffer farewell = outbox.control();
            ChunkWriter.session(farewell, ChunkType.SESSION_LEAVE);
            answer.withMemberId(peer.id()).withEcho(peer.incarnation()).write(farewell);
            outbox.sendWritten(peer.address(), farewell);
        }
    }
}
