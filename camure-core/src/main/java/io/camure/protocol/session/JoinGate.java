package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MINUTES;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What has to be true of a join before anything comes of it. A node that can prove its address does so first: it is sent a
 * token, in no more bytes than it has asked with, and nothing is kept of it until it says that token. Others can't, and are let in only
 * where the application wants it.
 */
final class JoinGate {

    /** A node that is refused may try for ever, and there may be many. */
    private static final long NOTICE_NANOS = MINUTES.toNanos(1);

    /** What an earlier build reads as versions of the protocol that it does not speak. */
    private static final int LATER_VERSION = Extension.VERSION + 1;

    private final SessionSettings settings;

    /** What the coordinator says of itself. */
    private final Extension answer;

    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final AddressProof proof;
    private long nextNoticeNanos;
    private boolean noticed;

    JoinGate(
            SessionSettings settings,
            Extension answer,
            RandomGenerator random,
            Outbox outbox,
            ProtocolCounters counters) {
        this.settings = settings;
        this.answer = answer;
        this.outbox = outbox;
        this.counters = counters;
        proof = new AddressProof(random);
    }

    /**
     * Whether a join may be looked at further; if not, the node was told what it has to do, as far as it is to be told.
     *
     * @param known the node that is in the session at this address, if there is one
     */
    boolean lets(InetSocketAddress source, @Nullable Peer known, ChunkReader join, long nowNanos) {
        Extension offer = join.extension();
        if (offer != null && !offer.isUnderstood()) {
            // That is said in so few bytes that it needs no proof.
            return true;
        }
        if (offer == null || !Capability.HARDENED.isIn(offer.capabilities())) {
            return letsLegacy(source, known, offer, nowNanos);
        }
        boolean proven = known != null && known.incarnation() == offer.incarnation()
                || proof.isGiven(offer.token(), source, offer.incarnation(), nowNanos);
        if (!proven) {
            challenge(source, offer, join.lengthBytes(), nowNanos);
        }
        return proven;
    }

    private boolean letsLegacy(
            InetSocketAddress source, @Nullable Peer known, @Nullable Extension offer, long nowNanos) {
        if (!settings.acceptsLegacy()) {
            counters.onDropped(DropReason.LEGACY_PEER);
            refuseLegacy(source, offer, nowNanos);
            return false;
        }
        if (known != null && known.can(Capability.HARDENED)) {
            // Whoever it is would throw out a node that is there. If that is gone, it is forgotten soon.
            counters.onDropped(DropReason.UNIDENTIFIED);
            return false;
        }
        return true;
    }

    private void refuseLegacy(InetSocketAddress source, @Nullable Extension offer, long nowNanos) {
        if (offer != null) {
            ByteBuffer refusal = outbox.control();
            ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
            Extension.writeVersions(refusal, LATER_VERSION, LATER_VERSION, 0);
            outbox.sendWritten(source, refusal);
        }
        if (!noticed || nowNanos - nextNoticeNanos >= 0) {
            noticed = true;
            nextNoticeNanos = nowNanos + NOTICE_NANOS;
            NodeIdentity node = offer == null
                    ? NodeIdentity.at(source)
                    : new NodeIdentity(offer.name(), source, offer.incarnation());
            outbox.tell(new SessionEvent.LegacyRefused(node));
        }
    }

    private void challenge(InetSocketAddress source, Extension offer, int askedBytes, long nowNanos) {
        counters.onDropped(DropReason.UNPROVEN);
        ByteBuffer welcome = outbox.control();
        ChunkWriter.sessionWelcome(
                welcome, settings.multicastAddress(), settings.chunkSizeBytes(), settings.heartbeatIntervalNanos());
        Extension.offer(answer.capabilities(), 0, 0, answer.incarnation())
                .withSessionName(answer.sessionName())
                .withEcho(offer.incarnation())
                .withToken(proof.tokenFor(source, offer.incarnation(), nowNanos))
                .write(welcome);
        if (welcome.position() <= askedBytes) {
            outbox.sendWritten(source, welcome);
        }
    }
}
