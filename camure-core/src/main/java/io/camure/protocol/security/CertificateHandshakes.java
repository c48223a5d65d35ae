package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.CertificateChunk;
import io.camure.wire.DropReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes of a coordinator by certificates. Nothing is kept of a node, and nothing costly done for it, before it has shown
 * by a cookie that it receives what is sent to its address; after that there is a bound to how many handshakes there are at a time
 * and begin within a second, and to the part of them that one host may have.
 */
final class CertificateHandshakes implements Handshake.AtCoordinator {

    /** So many handshakes at a time: each may hold some 100 kB. */
    static final int MOST = 64;

    /** So many of them may be of one IP address. */
    private static final int MOST_OF_ONE_HOST = MOST / 2;

    /** Behind the header of a challenge, and so of what is answered by one: the longest datagram that is taken. */
    static final int CHALLENGE_BYTES = 2;

    /** What networks take at least; no session has shorter chunks. */
    static final int SHORTEST_BYTES = 508;

    /** What nearly all networks take, as QUIC has it (RFC 9000, 14.1). */
    static final int USUAL_BYTES = 1200;

    /** What has not come to an end by then is forgotten. */
    static final long END_NANOS = SECONDS.toNanos(5);

    /** What has not come to an end by then may be displaced. */
    private static final long DISPLACED_NANOS = SECONDS.toNanos(1);

    private static final long NOTICE_NANOS = MINUTES.toNanos(1);

    private final Beside beside;
    private final int longestBytes;
    private final CertificateAdmission.LinkMaker links;
    private final RandomGenerator random;
    private final Cookies cookies;

    /** By when they began. */
    private final Map<Asker, CertificateAdmission> admissions = new LinkedHashMap<>();

    private final HandshakeShares shares;
    private Requirements requirements;
    private long noticeNanos;
    private boolean noticed;

    private record Asker(InetSocketAddress address, long number) {

        InetAddress host() {
            return address.getAddress();
        }
    }

    /** @param chunkBytes the longest datagram of the session */
    CertificateHandshakes(
            Requirements requirements,
            Beside beside,
            int chunkBytes,
            CertificateAdmission.LinkMaker links,
            RandomGenerator random) {
        this.requirements = requirements;
        this.beside = beside;
        this.links = links;
        this.random = random;
        longestBytes = Math.min(chunkBytes, USUAL_BYTES);
        cookies = new Cookies(random);
        shares = new HandshakeShares(random);
    }

    @Override
    public void replace(Requirements others) {
        requirements = others;
    }

    @Override
    public boolean isIn(ByteBuffer datagram) {
        return CertificateChunk.isIn(datagram);
    }

    @Override
    public @Nullable DropReason onDatagram(
            InetSocketAddress source,
            ByteBuffer datagram,
            DatagramCodec.Answers answers,
            ProtocolCounters counters,
            long nowNanos) {
        CertificateChunk.Kind kind = CertificateChunk.kind(datagram);
        boolean asks = kind == CertificateChunk.Kind.ASK;
        if (!asks && kind != CertificateChunk.Kind.FROM_MEMBER
                || datagram.remaining() < CertificateChunk.HEADER_BYTES + CHALLENGE_BYTES) {
            return DropReason.BAD_FIELD;
        }
        Secret secret = secretOf(datagram);
        if (secret == null && !requirements.secrets().isEmpty()) {
            counters.onHandshake(HandshakeOutcome.UNAUTHENTICATED);
            return DropReason.UNAUTHENTICATED;
        }
        Asker asker = new Asker(source, CertificateChunk.number(datagram));
        CertificateAdmission admission = admissions.get(asker);
        if (asks
                || admission == null
                        && !cookies.isOf(source, asker.number(), CertificateChunk.cookie(datagram), nowNanos)) {
            counters.onHandshake(HandshakeOutcome.COOKIE);
            challenge(asker, secret, answers, nowNanos);
            return DropReason.UNPROVEN;
        }
        if (admission == null) {
            giveUpEarlier(source, counters);
            if (!makeRoom(source.getAddress(), counters, nowNanos)) {
                counters.onHandshake(HandshakeOutcome.UNANSWERED);
                return DropReason.UNANSWERED;
            }
            admission = begin(asker, secret, answers, counters, nowNanos);
        }
        return admission.take(
                CertificateChunk.position(datagram),
                CertificateChunk.behind(datagram),
                sender(asker, admission.secret(), answers),
                nowNanos);
    }

    private @Nullable Secret secretOf(ByteBuffer datagram) {
        byte[] code = CertificateChunk.code(datagram);
        byte[] coded = CertificateChunk.coded(datagram);
        Secret found = null;
        for (Secret secret : requirements.secrets()) {
            if (secret.isCode(code, coded)) {
                found = secret;
            }
        }
        return found;
    }

    /** In no more bytes than were asked. */
    private void challenge(Asker asker, @Nullable Secret secret, DatagramCodec.Answers answers, long nowNanos) {
        byte[] longest = ByteBuffer.allocate(CHALLENGE_BYTES)
                .putShort((short) longestBytes)
                .array();
        ByteBuffer chunk = CertificateChunk.of(
                CertificateChunk.Kind.COOKIE,
                asker.number(),
                cookies.of(asker.address(), asker.number(), nowNanos),
                0,
                longest);
        send(asker.address(), chunk, secret, answers);
    }

    private static Exchange.Sender sender(Asker asker, @Nullable Secret secret, DatagramCodec.Answers answers) {
        byte[] noCookie = new byte[CertificateChunk.COOKIE_BYTES];
        return (position, datagram) -> send(
                asker.address(),
                CertificateChunk.of(
                        CertificateChunk.Kind.FROM_COORDINATOR, asker.number(), noCookie, position, datagram),
                secret,
                answers);
    }

    private static void send(
            InetSocketAddress node, ByteBuffer chunk, @Nullable Secret secret, DatagramCodec.Answers answers) {
        if (secret != null) {
            CertificateChunk.code(chunk, secret.code(CertificateChunk.coded(chunk), CertificateChunk.CODE_BYTES));
        }
        answers.sendBare(node, chunk.position(chunk.limit()));
    }

    private boolean makeRoom(InetAddress host, ProtocolCounters counters, long nowNanos) {
        shares.onAsked(host, nowNanos);
        Map<InetAddress, Integer> openByHost = new HashMap<>();
        int open = 0;
        for (Map.Entry<Asker, CertificateAdmission> each : admissions.entrySet()) {
            if (each.getValue().isOpen()) {
                openByHost.merge(each.getKey().host(), 1, Integer::sum);
                open++;
            } else {
                each.getValue().release();
            }
        }
        if (openByHost.getOrDefault(host, 0) >= MOST_OF_ONE_HOST) {
            return false;
        }
        Map.Entry<Asker, CertificateAdmission> displaced = open < MOST ? null : oldestOf(openByHost);
        if (displaced != null && nowNanos - displaced.getValue().beginNanos() < DISPLACED_NANOS || !shares.take(host)) {
            return false;
        }
        if (displaced != null) {
            admissions.remove(displaced.getKey());
            counters.onHandshake(HandshakeOutcome.ABANDONED);
        }
        return true;
    }

    /** Of the hosts that have most, so that who begins many displaces its own. */
    private Map.Entry<Asker, CertificateAdmission> oldestOf(Map<InetAddress, Integer> openByHost) {
        int most = Collections.max(openByHost.values());
        return admissions.entrySet().stream()
                .filter(each -> each.getValue().isOpen()
                        && openByHost.getOrDefault(each.getKey().host(), 0) == most)
                .findFirst()
                .orElseThrow();
    }

    /** A member makes one handshake at a time: what it began before it has given up, and what comes of that is late. */
    private void giveUpEarlier(InetSocketAddress member, ProtocolCounters counters) {
        for (Map.Entry<Asker, CertificateAdmission> each : admissions.entrySet()) {
            if (each.getKey().address().equals(member)
                    && each.getValue().isOpen()
                    && !each.getValue().isAnswered()) {
                each.getValue().abandon();
                counters.onHandshake(HandshakeOutcome.ABANDONED);
            }
        }
    }

    private CertificateAdmission begin(
            Asker asker,
            @Nullable Secret secret,
            DatagramCodec.Answers answers,
            ProtocolCounters counters,
            long nowNanos) {
        Credentials credentials = requirements.credentials();
        if (credentials == null) {
            throw new IllegalStateException("certificates are needed, and there are none");
        }
        byte[] ownRandom = new byte[CertificateTerms.RANDOM_BYTES];
        random.nextBytes(ownRandom);
        Dialogue dialogue =
                new Dialogue(credentials, false, longestBytes - CertificateChunk.HEADER_BYTES, asker.address());
        CertificateAdmission admission =
                new CertificateAdmission(asker.address(), asker.number(), ownRandom, secret, nowNanos);
        admission.begin(new Exchange(
                dialogue,
                beside,
                (exchange, said, now) -> onGone(asker, admission, exchange, said, answers, counters, now)));
        admissions.put(asker, admission);
        return admission;
    }

    private void onGone(
            Asker asker,
            CertificateAdmission admission,
            Exchange exchange,
            boolean said,
            DatagramCodec.Answers answers,
            ProtocolCounters counters,
            long nowNanos) {
        if (admissions.get(asker) != admission || admission.failure() == HandshakeOutcome.ABANDONED) {
            return;
        }
        if (said) {
            exchange.sendLast(sender(asker, admission.secret(), answers));
        }
        String why = admission.onGone(exchange, said, links, counters, nowNanos);
        HandshakeOutcome failure = admission.failure();
        if (why != null && failure != null) {
            counters.onHandshake(failure);
            report(admission.address(), admission.subject(), why, answers, nowNanos);
        }
    }

    private void report(
            InetSocketAddress address, String subject, String why, DatagramCodec.Answers answers, long nowNanos) {
        if (!noticed || nowNanos - noticeNanos >= 0) {
            noticed = true;
            noticeNanos = nowNanos + NOTICE_NANOS;
            answers.tell(new SessionEvent.CertificateRefused(address, subject, why));
        }
    }

    @Override
    public DatagramCodec.Consent consent(Link link, String group, DatagramCodec.Answers answers, long nowNanos) {
        Credentials credentials = requirements.credentials();
        X509Certificate certificate = link.certificate();
        if (credentials == null || certificate == null || !credentials.decidesGroups()) {
            return DatagramCodec.Consent.GIVEN;
        }
        return link.consent(group)
                .ask(
                        beside,
                        () -> credentials.refusal(certificate, link.address(), group),
                        (why, now) -> report(
                                link.address(),
                                certificate.getSubjectX500Principal().getName(),
                                why,
                                answers,
                                now),
                        nowNanos);
    }

    @Override
    public void onDeadline(ProtocolCounters counters, long nowNanos) {
        Iterator<CertificateAdmission> oldestFirst = admissions.values().iterator();
        while (oldestFirst.hasNext()) {
            CertificateAdmission oldest = oldestFirst.next();
            if (nowNanos - oldest.beginNanos() < END_NANOS) {
                return;
            }
            oldestFirst.remove();
            if (oldest.isOpen() && !oldest.isAnswered()) {
                counters.onHandshake(HandshakeOutcome.ABANDONED);
            }
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return admissions.isEmpty()
                ? RetryTimer.NEVER
                : admissions.values().iterator().next().beginNanos() + END_NANOS;
    }
}
