package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.HandshakeChunk;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Seals all that a coordinator sends: to one member under the key of its link, to all of a group under that of the group. Opens
 * what members send under the keys of their links, and takes nothing else but handshakes.
 */
public final class CoordinatorCodec implements DatagramCodec {

    private static final int HINTS_PER_SECOND = 20;
    private static final byte[] NOTHING = {};

    /** So long a chunk may be with its codes to get to all, whatever the path sizes of nodes are. */
    private static final int MOST_CODED_BYTES = PathSizes.LEAST_BYTES - SealingKey.OVERHEAD_BYTES;

    private final InetSocketAddress multicastAddress;
    private final int chunkBytes;
    private final Links links;
    private final Handshake.AtCoordinator handshakes;
    private final SharedKeys shared;
    private final Sealer sealer = new Sealer();
    private final Opener opener = new Opener();
    private final ChunkReader outgoing = new ChunkReader();
    private long nowNanos;
    private long hintsBeginNanos;
    private int hints;

    /** Whether the datagram that is looked at was opened, and with what result. */
    private boolean tried;

    private @Nullable DropReason failure;

    /** Whether the datagram that was opened last has shown that its sender has the keys. */
    private boolean confirmed;

    /** By which it was, if it was. */
    private @Nullable Link openedLink;

    /** Whether a key has sealed as much as it may. */
    private boolean usedUp;

    private boolean started;

    /**
     * @param secrets those that members may have
     * @param random unpredictable in a real session
     */
    public CoordinatorCodec(
            List<Secret> secrets, SealingCipher cipher, SessionSettings settings, RandomGenerator random) {
        this(secrets, cipher, settings, KeyLimits.DEFAULT, random);
    }

    /** @param limits for how long a key is used */
    public CoordinatorCodec(
            List<Secret> secrets,
            SealingCipher cipher,
            SessionSettings settings,
            KeyLimits limits,
            RandomGenerator random) {
        this(Requirements.of(secrets), (work, then) -> false, cipher, settings, limits, random);
    }

    /**
     * One that may let nodes in by their certificates.
     *
     * @param beside does what such handshakes take
     */
    public CoordinatorCodec(
            Requirements requirements,
            Beside beside,
            SealingCipher cipher,
            SessionSettings settings,
            KeyLimits limits,
            RandomGenerator random) {
        multicastAddress = settings.multicastAddress();
        chunkBytes = settings.chunkSizeBytes() - SealingKey.OVERHEAD_BYTES;
        links = new Links(settings.maximumMembers(), 2 * settings.memberTimeoutNanos());
        shared = new SharedKeys(cipher, limits, random);
        handshakes = requirements.credentials() == null
                ? new CoordinatorHandshakes(requirements.secrets(), cipher, links, shared.session(), limits, random)
                : new CertificateHandshakes(
                        requirements,
                        beside,
                        settings.chunkSizeBytes(),
                        new CertificateLinks(cipher, links, shared.session(), limits),
                        random);
    }

    /** Nodes that are in stay in; those that come from now on have to have these. By certificates they are let in or not as before. */
    public void replace(Requirements requirements) {
        handshakes.replace(requirements);
    }

    @Override
    public int overheadBytes() {
        return SealingKey.OVERHEAD_BYTES;
    }

    @Override
    public int codeBytes(int group, int epoch) {
        KeyRing ring = shared.group(group, Integer.toUnsignedLong(epoch));
        return ring == null ? 0 : Math.max(0, ring.codeBytes());
    }

    @Override
    public boolean takes(
            InetSocketAddress source, ByteBuffer datagram, Answers answers, ProtocolCounters counters, long now) {
        nowNanos = now;
        if (!started) {
            started = true;
            shared.session().onStarted(now);
            counters.onKeySince(now);
        }
        if (usedUp) {
            usedUp = false;
            shared.onUsedUp(now);
        }
        if (SealedHeader.isIn(datagram)) {
            failure = unseal(source, datagram);
            tried = true;
            if (confirmed) {
                counters.onHandshake(HandshakeOutcome.COMPLETED);
            }
            return failure == null && takesOpened(counters);
        }
        DropReason reason;
        if (handshakes.isIn(datagram)) {
            reason = handshakes.onDatagram(source, datagram, answers, counters, now);
        } else {
            reason = DropReason.UNSECURED;
            hint(source, datagram, answers);
        }
        if (reason != null) {
            counters.onDropped(reason);
        }
        return true;
    }

    /** Takes what was opened if it is for the codec. */
    private boolean takesOpened(ProtocolCounters counters) {
        ByteBuffer opened = opener.opened();
        Link link = openedLink;
        if (link == null || !opened.hasRemaining() || ChunkType.at(opened) != ChunkType.KEY_CHANGE_ACK) {
            return false;
        }
        tried = false;
        if (opened.remaining() < ChunkType.KEY_CHANGE_ACK.minimumBytes()) {
            counters.onDropped(DropReason.TRUNCATED);
        } else {
            counters.onReceived(ChunkType.KEY_CHANGE_ACK);
            shared.onAcknowledged(link, opened, counters, nowNanos);
        }
        return true;
    }

    /** Tells a node that wants to join in clear, once its time is over, why it was not let in: by one byte. */
    private void hint(InetSocketAddress source, ByteBuffer datagram, Answers answers) {
        if (!datagram.hasRemaining()
                || ChunkType.at(datagram) != ChunkType.SESSION_JOIN
                || HandshakeChunk.isJoin(datagram)) {
            return;
        }
        if (nowNanos - hintsBeginNanos >= SECONDS.toNanos(1) || nowNanos < hintsBeginNanos) {
            hintsBeginNanos = nowNanos;
            hints = 0;
        }
        if (hints < HINTS_PER_SECOND) {
            hints++;
            ByteBuffer refusal = answers.control();
            ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
            answers.sendBare(source, refusal);
        }
    }

    @Override
    public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
        DropReason failed = tried ? failure : unseal(source, datagram);
        tried = false;
        return failed == null ? chunk.read(opener.opened()) : failed;
    }

    private @Nullable DropReason unseal(InetSocketAddress source, ByteBuffer datagram) {
        confirmed = false;
        openedLink = null;
        DropReason unreadable = SealedHeader.check(datagram);
        if (unreadable != null) {
            return unreadable;
        }
        Link link = SealedHeader.scope(datagram) == SealedHeader.Scope.LINK
                ? links.find(SealedHeader.place(datagram))
                : null;
        int generation = SealedHeader.generation(datagram);
        OpeningKey key = link == null || !link.address().equals(source)
                ? null
                : link.opening().find(generation, nowNanos);
        if (link == null || key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = opener.open(key, datagram);
        if (reason == null) {
            link.opening().onOpened(generation, nowNanos);
            confirmed = !link.isConfirmed();
            link.onOpened(nowNanos);
            if (confirmed) {
                shared.onConfirmed(link, links.confirm(link), nowNanos);
            }
            openedLink = link;
        }
        return reason;
    }

    @Override
    public void onTransmission() {
        sealer.reset();
    }

    @Override
    public void onPause() {
        sealer.onPause();
        opener.onPause();
    }

    @Override
    public void seal(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
        outgoing.read(datagrams);
        if (destination.equals(multicastAddress)) {
            KeyRing ring = MemberCodec.isForSession(outgoing.type())
                    ? shared.session()
                    : shared.group(outgoing.group(), outgoing.epoch());
            if (ring != null) {
                sealForAll(ring, datagrams, datagramBytes, destination, transmitter);
                usedUp |= ring.isUsedUp();
            }
            return;
        }
        Link link = links.at(destination);
        // Who has none is gone, or has never been there.
        byte[] appended = link == null ? null : appended(link);
        if (link != null && appended != null) {
            sealer.seal(link.sealing(nowNanos), datagrams, datagramBytes, appended, destination, transmitter);
        }
    }

    /** Results may be long by themselves, and are as long as they get to all with their {@link #codeBytes}. */
    private int mostCodedBytes(ChunkType type) {
        return type == ChunkType.COLLECTIVE_RELEASED ? chunkBytes : MOST_CODED_BYTES;
    }

    private void sealForAll(
            KeyRing ring, ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter to) {
        if (!MemberCodec.hasCode(outgoing.type())) {
            sealer.seal(ring.sealing(), datagrams, datagramBytes, destination, to);
        } else if (ring.codeBytes() >= 0 && datagramBytes + ring.codeBytes() <= mostCodedBytes(outgoing.type())) {
            sealer.seal(ring.sealing(), datagrams, datagramBytes, ring.codes(datagrams), destination, to);
        } else {
            // Not all can have their code in it: each is told by its own link.
            for (Link link : ring.holders()) {
                if (links.at(link.address()) == link) {
                    sealer.seal(link.sealing(nowNanos), datagrams, datagramBytes, link.address(), to);
                }
            }
        }
    }

    /** A welcome into a group brings its key. {@code null} for one that is not to leave: the node has left since it was written. */
    private byte @Nullable [] appended(Link link) {
        if (outgoing.type() != ChunkType.GROUP_WELCOME) {
            return NOTHING;
        }
        KeyRing ring = shared.group(outgoing.group(), outgoing.epoch());
        return ring != null && ring.isHeldBy(link) ? ring.told(link).bytes() : null;
    }

    @Override
    public void onWelcomed(InetSocketAddress node, long now) {
        Link link = links.at(node);
        if (link != null) {
            shared.onWelcomed(link, now);
        }
    }

    @Override
    public void onWelcomed(InetSocketAddress node, int group, int epoch, long now) {
        Link link = links.at(node);
        if (link != null) {
            shared.onWelcomed(link, group, epoch, now);
        }
    }

    @Override
    public Consent consent(InetSocketAddress node, String group, Answers answers, long now) {
        Link link = links.at(node);
        // Who has none is gone.
        return link == null ? Consent.PENDING : handshakes.consent(link, group, answers, now);
    }

    @Override
    public void onLeft(InetSocketAddress node, long now) {
        shared.onLeft(node, now);
    }

    @Override
    public void onLeft(InetSocketAddress node, int group, long now) {
        shared.onLeft(node, group, now);
    }

    @Override
    public void excuse(long nanos, long now) {
        links.excuse(nanos, now);
    }

    @Override
    public void onDeadline(Answers answers, ProtocolCounters counters, long now) {
        nowNanos = now;
        handshakes.onDeadline(counters, now);
        links.onDeadline(counters, link -> shared.onForgotten(link, now), now);
        shared.onDeadline(links, answers, counters, now);
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(
                handshakes.nextDeadlineNanos(), Math.min(links.nextDeadlineNanos(), shared.nextDeadlineNanos()));
    }
}
