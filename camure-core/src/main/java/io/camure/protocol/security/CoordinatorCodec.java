package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec;
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

    private final InetSocketAddress multicastAddress;
    private final Links links;
    private final CoordinatorHandshakes handshakes;
    private final GroupKeys groupKeys;
    private final SealingKey sessionKey;
    private final Sealer sealer = new Sealer();
    private final Opener opener = new Opener();
    private final ChunkReader outgoing = new ChunkReader();
    private long nowNanos;
    private long hintsBeginNanos;
    private int hints;

    /**
     * @param secrets those that members may have
     * @param random unpredictable in a real session
     */
    public CoordinatorCodec(
            List<Secret> secrets, SealingCipher cipher, SessionSettings settings, RandomGenerator random) {
        multicastAddress = settings.multicastAddress();
        links = new Links(settings.maximumMembers(), 2 * settings.memberTimeoutNanos());
        SharedKey shared = SharedKey.random(random);
        sessionKey = shared.sealing(cipher, SealedHeader.Scope.SESSION, 0);
        handshakes = new CoordinatorHandshakes(secrets, cipher, links, shared, random);
        groupKeys = new GroupKeys(cipher, random);
    }

    @Override
    public int overheadBytes() {
        return SealingKey.OVERHEAD_BYTES;
    }

    @Override
    public boolean takes(
            InetSocketAddress source, ByteBuffer datagram, Answers answers, ProtocolCounters counters, long now) {
        nowNanos = now;
        if (SealedHeader.isIn(datagram)) {
            return false;
        }
        DropReason reason;
        if (HandshakeChunk.isJoin(datagram)) {
            reason = handshakes.onJoin(source, datagram, answers, now);
        } else {
            reason = DropReason.UNSECURED;
            hint(source, datagram, answers);
        }
        if (reason != null) {
            counters.onDropped(reason);
        }
        return true;
    }

    /** Tells a node that wants to join in clear, once its time is over, why it was not let in: by one byte. */
    private void hint(InetSocketAddress source, ByteBuffer datagram, Answers answers) {
        if (!datagram.hasRemaining() || ChunkType.at(datagram) != ChunkType.SESSION_JOIN) {
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
        DropReason unreadable = chunk.read(datagram);
        if (unreadable != null) {
            return unreadable;
        }
        Link link = SealedHeader.scope(datagram) == SealedHeader.Scope.LINK
                ? links.find(SealedHeader.place(datagram))
                : null;
        if (link == null
                || SealedHeader.generation(datagram) != 0
                || !link.address().equals(source)) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = opener.open(link.opening(), datagram, chunk);
        if (reason == null) {
            links.onOpened(link, nowNanos);
        }
        return reason;
    }

    @Override
    public void onTransmission() {
        sealer.reset();
    }

    @Override
    public void seal(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
        if (destination.equals(multicastAddress)) {
            outgoing.read(datagrams);
            SealingKey key = MemberCodec.isForSession(outgoing.type())
                    ? sessionKey
                    : groupKeys.sealing(outgoing.group(), outgoing.epoch());
            if (key != null) {
                sealer.seal(key, datagrams, datagramBytes, destination, transmitter);
            }
            return;
        }
        Link link = links.at(destination);
        // Who has none is gone, or has never been there.
        if (link != null) {
            sealer.seal(link.sealing(), datagrams, datagramBytes, appended(datagrams), destination, transmitter);
        }
    }

    /** A welcome into a group brings its key. */
    private byte[] appended(ByteBuffer datagrams) {
        if (ChunkType.at(datagrams) != ChunkType.GROUP_WELCOME) {
            return NOTHING;
        }
        outgoing.read(datagrams);
        return groupKeys.told(outgoing.group(), outgoing.epoch());
    }

    @Override
    public void onDeadline(long now) {
        links.onDeadline(now);
    }

    @Override
    public long nextDeadlineNanos() {
        return links.nextDeadlineNanos();
    }
}
