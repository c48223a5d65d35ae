package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.CertificateChunk;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes of a member by certificates, one at a time. The member alone repeats what is not answered, each time that a
 * SessionJoin is due; the coordinator says again what it has said last when it hears such a repetition.
 */
final class CertificateMemberHandshake implements Handshake.AtMember {

    /** What has not come to an end by then is begun anew: the coordinator forgets it soon, and would take it for another one. */
    private static final long ANEW_NANOS = CertificateHandshakes.END_NANOS - SECONDS.toNanos(1);

    /**
     * What has brought nothing new for so many repetitions, which takes about as long, is begun anew as well: the coordinator has forgotten
     * it, or takes what is repeated for the end of another one, and is silent. While nothing comes, this side does not learn the time.
     */
    private static final int MOST_REPETITIONS = 6;

    private final Requirements requirements;
    private final Beside beside;
    private final InetSocketAddress coordinator;
    private final KeyLimits limits;
    private final RandomGenerator random;
    private final Handshake.Agreement agreement;

    /** Of the handshake that is on its way; 0 while there is none. */
    private long number;

    private long beginNanos;
    private byte[] cookie = new byte[CertificateChunk.COOKIE_BYTES];

    /** There is one once the coordinator has answered. */
    private @Nullable Exchange exchange;

    private byte[] ownRandom = {};

    /** How often what was said last was repeated. */
    private int repetitions;

    private @Nullable String failure;

    /**
     * @param requirements its own secret, if it has to have one too, and what it shows and whom it takes for the coordinator
     * @param agreement is told what is agreed on
     */
    CertificateMemberHandshake(
            Requirements requirements,
            Beside beside,
            InetSocketAddress coordinator,
            KeyLimits limits,
            RandomGenerator random,
            Handshake.Agreement agreement) {
        this.requirements = requirements;
        this.beside = beside;
        this.coordinator = coordinator;
        this.limits = limits;
        this.random = random;
        this.agreement = agreement;
    }

    private @Nullable Secret secret() {
        return requirements.secrets().isEmpty() ? null : requirements.secrets().get(0);
    }

    @Override
    public boolean isIn(ByteBuffer datagram) {
        return CertificateChunk.isIn(datagram);
    }

    @Override
    public void ask(DatagramCodec.Transmitter transmitter, long nowNanos) {
        if (number == 0 || nowNanos - beginNanos >= ANEW_NANOS || repetitions++ >= MOST_REPETITIONS) {
            begin(nowNanos);
        }
        Exchange begun = exchange;
        if (begun == null) {
            ByteBuffer asking = asking();
            transmitter.send(asking, asking.remaining(), coordinator);
        } else {
            begun.goOnIfHeld();
            begun.sendAgain((position, datagram) -> {
                ByteBuffer again = chunk(CertificateChunk.Kind.FROM_MEMBER, cookie, position, datagram);
                transmitter.send(again, again.remaining(), coordinator);
            });
        }
    }

    private void begin(long nowNanos) {
        number = random.nextLong() | 1;
        beginNanos = nowNanos;
        repetitions = 0;
        exchange = null;
    }

    private ByteBuffer asking() {
        byte[] noCookie = new byte[CertificateChunk.COOKIE_BYTES];
        return chunk(CertificateChunk.Kind.ASK, noCookie, 0, new byte[CertificateHandshakes.CHALLENGE_BYTES]);
    }

    private ByteBuffer chunk(CertificateChunk.Kind kind, byte[] shown, int position, byte[] behind) {
        ByteBuffer chunk = CertificateChunk.of(kind, number, shown, position, behind);
        Secret secret = secret();
        if (secret != null) {
            CertificateChunk.code(chunk, secret.code(CertificateChunk.coded(chunk), CertificateChunk.CODE_BYTES));
        }
        return chunk;
    }

    @Override
    public @Nullable DropReason onDatagram(
            ByteBuffer datagram, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        CertificateChunk.Kind kind = CertificateChunk.kind(datagram);
        if (kind != CertificateChunk.Kind.COOKIE && kind != CertificateChunk.Kind.FROM_COORDINATOR) {
            return DropReason.BAD_FIELD;
        }
        if (number == 0 || CertificateChunk.number(datagram) != number) {
            return DropReason.DUPLICATE;
        }
        Secret secret = secret();
        if (secret != null && !secret.isCode(CertificateChunk.code(datagram), CertificateChunk.coded(datagram))) {
            counters.onHandshake(HandshakeOutcome.UNAUTHENTICATED);
            return DropReason.UNAUTHENTICATED;
        }
        byte[] behind = CertificateChunk.behind(datagram);
        if (kind == CertificateChunk.Kind.COOKIE) {
            return onCookie(CertificateChunk.cookie(datagram), behind, answers, counters, nowNanos);
        }
        Exchange begun = exchange;
        if (begun == null) {
            return DropReason.UNEXPECTED;
        }
        DropReason reason = begun.take(CertificateChunk.position(datagram), behind);
        repetitions = reason == null ? 0 : repetitions;
        return reason;
    }

    private @Nullable DropReason onCookie(
            byte[] told, byte[] behind, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        if (exchange != null && Arrays.equals(told, cookie)) {
            return DropReason.DUPLICATE;
        }
        if (exchange != null) {
            // A coordinator that knows nothing of what was said. Each number is of one exchange, so that no two are
            // mixed up.
            begin(nowNanos);
            ByteBuffer asking = asking();
            answers.sendBare(coordinator, asking.position(asking.limit()));
            return null;
        }
        Credentials credentials = requirements.credentials();
        if (behind.length < CertificateHandshakes.CHALLENGE_BYTES || credentials == null) {
            return DropReason.TRUNCATED;
        }
        counters.onHandshake(HandshakeOutcome.COOKIE);
        cookie = told;
        ownRandom = new byte[CertificateTerms.RANDOM_BYTES];
        random.nextBytes(ownRandom);
        int taken = ByteBuffer.wrap(behind).getShort() & 0xFFFF;
        int bytes = Math.min(CertificateHandshakes.USUAL_BYTES, Math.max(taken, CertificateHandshakes.SHORTEST_BYTES));
        Dialogue dialogue = new Dialogue(credentials, true, bytes - CertificateChunk.HEADER_BYTES, coordinator);
        Exchange begun =
                new Exchange(dialogue, beside, (gone, said, now) -> onGone(gone, said, answers, counters, now));
        exchange = begun;
        begun.say(CertificateTerms.request(ownRandom));
        return null;
    }

    private void onGone(
            Exchange gone, boolean said, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        if (exchange != gone) {
            return;
        }
        Dialogue dialogue = gone.dialogue();
        if (said) {
            gone.sendLast((position, datagram) -> {
                ByteBuffer chunk = chunk(CertificateChunk.Kind.FROM_MEMBER, cookie, position, datagram);
                answers.sendBare(coordinator, chunk.position(chunk.limit()));
            });
        }
        byte[] heard = dialogue.heard();
        CertificateTerms agreed = heard == null ? null : CertificateTerms.of(heard);
        if (agreed != null) {
            byte[][] split = agreed.split(ownRandom, secret());
            end(null);
            agreement.onAgreed(new MemberKeys(agreed.terms(), split, limits, nowNanos), answers, counters, nowNanos);
        } else if (dialogue.failure() != null || heard != null) {
            boolean refused = dialogue.isRefused() || heard != null;
            counters.onHandshake(refused ? HandshakeOutcome.REFUSED : HandshakeOutcome.UNAUTHENTICATED);
            end(
                    heard != null
                            ? "the coordinator does not admit the certificate of this node: see its log, and its allowed-members"
                                    + " (camure.security.allowed-members)"
                            : "the handshake by certificates has failed: " + dialogue.failure());
        }
    }

    /** What is on its way would take the place of a link in use, and may be half forgotten by the coordinator by then. */
    @Override
    public void onLinkInUse() {
        end(null);
    }

    private void end(@Nullable String why) {
        number = 0;
        exchange = null;
        ownRandom = new byte[0];
        failure = why;
    }

    @Override
    public @Nullable String failure() {
        return failure;
    }
}
