package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** A handshake by certificates at the coordinator, from the proof of the member's address to the link. */
final class CertificateAdmission {

    /** What is repeated so long after this side has said something asks for that. */
    private static final long REPEAT_NANOS = MILLISECONDS.toNanos(50);

    /** So often is repeated what this side has said, whatever the other one does. */
    private static final int MOST_REPETITIONS = 10;

    private final InetSocketAddress address;
    private final long number;
    private final byte[] random;
    private final @Nullable Secret secret;
    private final long beginNanos;
    private @Nullable Exchange exchange;
    private long saidNanos;
    private int repetitions;
    private @Nullable HandshakeOutcome failure;
    private String subject = "";
    private @Nullable Link link;

    /** Makes the link of a node that is admitted. */
    @FunctionalInterface
    interface LinkMaker {

        /**
         * @param ofMember the member's number for the keys
         * @return {@code null} when there is no room for one
         */
        @Nullable
        Link make(
                CertificateAdmission admitted,
                byte[] ofMember,
                X509Certificate certificate,
                ProtocolCounters counters,
                long nowNanos);
    }

    /**
     * @param number of the handshake, from the member
     * @param random a number of this side for the keys
     * @param secret that the member has shown to have; {@code null} where it need not have one
     */
    CertificateAdmission(
            InetSocketAddress address, long number, byte[] random, @Nullable Secret secret, long nowNanos) {
        this.address = address;
        this.number = number;
        this.random = random;
        this.secret = secret;
        beginNanos = nowNanos;
        saidNanos = nowNanos;
    }

    void begin(Exchange begun) {
        exchange = begun;
    }

    /**
     * Takes a datagram of the member.
     *
     * @param sender is given what this side has said last, if the member seems not to have it
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason take(int position, byte[] datagram, Exchange.Sender sender, long nowNanos) {
        Exchange begun = exchange;
        Link made = link;
        if (begun == null || made != null && made.isConfirmed()) {
            return DropReason.DUPLICATE;
        }
        begun.goOnIfHeld();
        DropReason reason = begun.take(position, datagram);
        if (reason == DropReason.DUPLICATE && nowNanos - saidNanos >= REPEAT_NANOS && repetitions < MOST_REPETITIONS) {
            repetitions++;
            saidNanos = nowNanos;
            begun.sendAgain(sender);
            if (made != null) {
                made.onAnsweredAgain(nowNanos);
            }
        }
        return reason;
    }

    /**
     * The dialogue has gone on.
     *
     * @param said whether this side has said something by that
     * @return why it has failed, for people, if it just has
     */
    @Nullable
    String onGone(Exchange begun, boolean said, LinkMaker links, ProtocolCounters counters, long nowNanos) {
        saidNanos = said ? nowNanos : saidNanos;
        Dialogue dialogue = begun.dialogue();
        X509Certificate other = dialogue.other();
        subject = other == null ? "" : other.getSubjectX500Principal().getName();
        if (dialogue.failure() != null) {
            boolean before = failure != null;
            failure = dialogue.isRefused() ? HandshakeOutcome.REFUSED : HandshakeOutcome.UNAUTHENTICATED;
            return before ? null : dialogue.failure();
        }
        byte[] heard = dialogue.heard();
        byte[] ofMember = heard == null ? null : CertificateTerms.randomOf(heard);
        if (link == null && ofMember != null && other != null) {
            Link made = links.make(this, ofMember, other, counters, nowNanos);
            if (made == null) {
                failure = HandshakeOutcome.UNANSWERED;
                return "the session has no room for another link";
            }
            link = made;
            begun.say(made.answer());
        }
        return null;
    }

    /** A number of this side for the keys. */
    byte[] random() {
        return random;
    }

    @Nullable
    Secret secret() {
        return secret;
    }

    /** Which of the handshakes of the member this is. */
    long number() {
        return number;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Whose certificate it is; empty while it has shown none that is trusted. */
    String subject() {
        return subject;
    }

    /** How it has failed; {@code null} while it has not. */
    @Nullable
    HandshakeOutcome failure() {
        return failure;
    }

    long beginNanos() {
        return beginNanos;
    }

    /** Whether the member was told its keys; it may need to be told again. */
    boolean isAnswered() {
        return link != null;
    }

    /** Whether it has not failed yet, and the member has not shown that it has the keys. */
    boolean isOpen() {
        Link made = link;
        return failure == null && (made == null || !made.isConfirmed());
    }

    /** The member has begun another one. */
    void abandon() {
        failure = HandshakeOutcome.ABANDONED;
        exchange = null;
    }

    /** Keeps no more of it than what tells that its datagrams are late. */
    void release() {
        exchange = failure == HandshakeOutcome.REFUSED ? exchange : null;
    }
}
