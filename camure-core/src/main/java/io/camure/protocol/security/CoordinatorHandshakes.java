package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.DropReason;
import io.camure.wire.HandshakeChunk;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The handshakes of a coordinator by secrets: who has one of them is answered, and nobody else. */
final class CoordinatorHandshakes implements Handshake.AtCoordinator {

    private final SealingCipher cipher;
    private final Links links;
    private final KeyRing session;
    private final KeyLimits limits;
    private final RandomGenerator random;
    private final Cookies cookies;
    private List<Secret> secrets;

    CoordinatorHandshakes(
            List<Secret> secrets,
            SealingCipher cipher,
            Links links,
            KeyRing session,
            KeyLimits limits,
            RandomGenerator random) {
        this.secrets = secrets;
        this.cipher = cipher;
        this.links = links;
        this.session = session;
        this.limits = limits;
        this.random = random;
        cookies = new Cookies(random);
    }

    @Override
    public void replace(Requirements requirements) {
        secrets = requirements.secrets();
    }

    @Override
    public boolean isIn(ByteBuffer datagram) {
        return HandshakeChunk.isJoin(datagram);
    }

    @Override
    public @Nullable DropReason onDatagram(
            InetSocketAddress source,
            ByteBuffer join,
            DatagramCodec.Answers answers,
            ProtocolCounters counters,
            long nowNanos) {
        byte[] message = HandshakeChunk.message(join);
        if (message == null) {
            return DropReason.BAD_FIELD;
        }
        Secret secret = secretOf(join);
        if (secret == null) {
            counters.onHandshake(HandshakeOutcome.UNAUTHENTICATED);
            return DropReason.UNAUTHENTICATED;
        }
        ByteBuffer request = ByteBuffer.wrap(message);
        Link link = links.askedBy(request, source);
        if (link != null && link.isConfirmed()) {
            return DropReason.DUPLICATE;
        }
        if (link == null) {
            if (cookies.areNeeded(nowNanos) && !cookies.isProven(source, join, nowNanos)) {
                counters.onHandshake(HandshakeOutcome.COOKIE);
                ByteBuffer cookie = answers.control();
                cookies.write(cookie, source, join, secret, nowNanos);
                answers.sendBare(source, cookie);
                return DropReason.UNPROVEN;
            }
            if (!links.makeRoom(counters, nowNanos)) {
                counters.onHandshake(HandshakeOutcome.UNANSWERED);
                return DropReason.UNANSWERED;
            }
            link = open(source, request, secret, nowNanos);
            if (link == null) {
                counters.onHandshake(HandshakeOutcome.UNAUTHENTICATED);
                return DropReason.UNAUTHENTICATED;
            }
            links.addHalfOpen(link);
            cookies.onHandshake();
        }
        ByteBuffer welcome = answers.control();
        HandshakeChunk.welcome(welcome, link.answer());
        answers.sendBare(source, welcome);
        return null;
    }

    private @Nullable Secret secretOf(ByteBuffer join) {
        byte[] code = HandshakeChunk.codeOf(join);
        byte[] coded = HandshakeChunk.coded(join);
        Secret found = null;
        for (Secret secret : secrets) {
            if (secret.isCode(code, coded)) {
                found = secret;
            }
        }
        return found;
    }

    /** @return {@code null} for a message that only somebody without the secret, or who has it and does harm, can have made */
    private @Nullable Link open(InetSocketAddress source, ByteBuffer request, Secret secret, long nowNanos) {
        byte[] ephemeral = new byte[X25519.BYTES];
        random.nextBytes(ephemeral);
        NoiseHandshake noise =
                new NoiseHandshake(HandshakeTerms.PROLOGUE, secret.handshakeKey(), new X25519(ephemeral));
        byte[] asked = noise.readFirst(request.array());
        if (asked == null || !HandshakeTerms.isRequest(asked)) {
            return null;
        }
        HandshakeTerms terms = session.terms(links.nextId());
        byte[] answer = noise.writeSecond(terms.told());
        if (answer == null) {
            return null;
        }
        return new Link(
                terms.link(),
                source,
                new Link.Handshake(request, answer, null),
                terms.session().shared(),
                new LinkKeys(cipher, terms.link(), noise.split(), limits, nowNanos),
                nowNanos);
    }
}
