package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.DropReason;
import io.camure.wire.HandshakeChunk;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The handshakes of a member by a secret: one at a time, whose join is sent until it is answered. */
final class MemberHandshake implements Handshake.AtMember {

    private static final int LONGEST_JOIN_BYTES = 512;

    private final Secret secret;
    private final InetSocketAddress coordinator;
    private final KeyLimits limits;
    private final RandomGenerator random;
    private final Handshake.Agreement agreement;

    /** A direct buffer, since it is sent as it is. */
    private final ByteBuffer join = ByteBuffer.allocateDirect(LONGEST_JOIN_BYTES);

    private @Nullable NoiseHandshake pending;

    /** What the coordinator has this node prove its address by; empty while it has not. */
    private byte[] cookie = {};

    private long cookieEndNanos;

    /** @param agreement is told what is agreed on */
    MemberHandshake(
            Secret secret,
            InetSocketAddress coordinator,
            KeyLimits limits,
            RandomGenerator random,
            Handshake.Agreement agreement) {
        this.secret = secret;
        this.coordinator = coordinator;
        this.limits = limits;
        this.random = random;
        this.agreement = agreement;
    }

    @Override
    public boolean isIn(ByteBuffer datagram) {
        return HandshakeChunk.isCookie(datagram) || HandshakeChunk.isWelcome(datagram);
    }

    @Override
    public void ask(DatagramCodec.Transmitter transmitter, long nowNanos) {
        if (pending == null) {
            begin();
            if (cookie.length > 0 && nowNanos < cookieEndNanos) {
                prove();
            }
        }
        transmitter.send(join, join.remaining(), coordinator);
    }

    @Override
    public @Nullable DropReason onDatagram(
            ByteBuffer datagram, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        return HandshakeChunk.isCookie(datagram)
                ? onCookie(datagram, answers, counters, nowNanos)
                : onAnswer(datagram, answers, counters, nowNanos);
    }

    /** The coordinator has many to answer: asks it again, with what it wants. */
    private @Nullable DropReason onCookie(
            ByteBuffer answer, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        if (pending == null) {
            return DropReason.UNEXPECTED;
        }
        byte[] told = Cookies.read(answer, secret, HandshakeChunk.codeOf(join));
        if (told == null) {
            return DropReason.UNAUTHENTICATED;
        }
        if (Arrays.equals(told, cookie) && HandshakeChunk.hasProof(join)) {
            return DropReason.DUPLICATE;
        }
        cookie = told;
        cookieEndNanos = nowNanos + Cookies.PERIOD_NANOS;
        prove();
        counters.onHandshake(HandshakeOutcome.COOKIE);
        answers.sendBare(coordinator, answers.control().put(join.duplicate()));
        return null;
    }

    private @Nullable DropReason onAnswer(
            ByteBuffer welcome, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        byte[] message = HandshakeChunk.message(welcome);
        if (message == null) {
            return DropReason.BAD_FIELD;
        }
        NoiseHandshake noise = pending;
        if (noise == null) {
            return DropReason.DUPLICATE;
        }
        byte[] told = noise.readSecond(message);
        HandshakeTerms terms = told == null ? null : HandshakeTerms.of(told);
        if (terms == null) {
            counters.onHandshake(HandshakeOutcome.UNAUTHENTICATED);
            return DropReason.UNAUTHENTICATED;
        }
        pending = null;
        agreement.onAgreed(new MemberKeys(terms, noise.split(), limits, nowNanos), answers, counters, nowNanos);
        return null;
    }

    /** What is answered late would take the place of a link in use, and may be forgotten by the coordinator by then. */
    @Override
    public void onLinkInUse() {
        pending = null;
    }

    /** Adds to the join what shows that this node was told the cookie. */
    private void prove() {
        byte[] proven = HandshakeChunk.hasProof(join) ? HandshakeChunk.proven(join) : new byte[join.remaining()];
        join.get(0, proven);
        join.clear().position(proven.length);
        HandshakeChunk.proof(join, Cookies.proof(cookie, proven));
        join.flip();
    }

    private void begin() {
        byte[] ephemeral = new byte[X25519.BYTES];
        random.nextBytes(ephemeral);
        NoiseHandshake noise =
                new NoiseHandshake(HandshakeTerms.PROLOGUE, secret.handshakeKey(), new X25519(ephemeral));
        HandshakeChunk.join(join.clear(), noise.writeFirst(HandshakeTerms.request()));
        byte[] coded = new byte[join.position()];
        join.get(0, coded);
        HandshakeChunk.code(join, secret.code(coded, HandshakeChunk.CODE_BYTES));
        join.flip();
        pending = noise;
    }
}
