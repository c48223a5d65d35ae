package io.camure;

import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.HeaderOutcome;
import io.camure.wire.DropReason;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a session has counted since it began.
 *
 * @param datagramsSent datagrams that the network accepted
 * @param datagramsReceived datagrams that could be read
 * @param datagramsDropped datagrams that were received and dropped, by reason, with every reason that there is
 * @param retransmissions datagrams sent that repeat earlier ones
 * @param sendFailures datagrams that the network did not accept; they were repeated where an answer was due
 * @param statusReports status reports about broadcasts: at a member those that it has sent, at the coordinator those that it
 *     has received
 * @param handshakes handshakes of a sealed session, by outcome, with every outcome that there is: {@code completed},
 *     {@code unauthenticated} (the other side has none of this one's secrets, or no certificate that is trusted), {@code refused} (its
 *     certificate is trusted, and it is not admitted), {@code cookie} (a node was asked to prove its address first), and at the coordinator {@code unanswered} (there was no room for one more) and {@code abandoned} (a node was
 *     answered and said nothing more); all 0 in clear
 * @param headers messages that were sent without their headers ({@code left-out}: they are unknown to a member) and messages that were
 *     received and dropped, since their headers can't be read ({@code refused}) or their expiry was over ({@code expired})
 * @param keyChanges how often a key that all nodes of the session or of a group share was followed by another; 0 in clear
 * @param keyAge how long this node has had the key that all nodes of the session share; empty in clear, and before there is one
 */
public record SessionStatistics(
        long datagramsSent,
        long datagramsReceived,
        Map<String, Long> datagramsDropped,
        long retransmissions,
        long sendFailures,
        long statusReports,
        Map<String, Long> handshakes,
        Map<String, Long> headers,
        long keyChanges,
        Optional<Duration> keyAge) {

    /** No counts yet: all zero, with every reason that there is. */
    public static SessionStatistics none() {
        Map<String, Long> dropped = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason.label(), 0L);
        }
        Map<String, Long> handshakes = new TreeMap<>();
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            handshakes.put(outcome.label(), 0L);
        }
        Map<String, Long> headers = new TreeMap<>();
        for (HeaderOutcome outcome : HeaderOutcome.values()) {
            headers.put(outcome.label(), 0L);
        }
        return new SessionStatistics(
                0, 0, Map.copyOf(dropped), 0, 0, 0, Map.copyOf(handshakes), Map.copyOf(headers), 0, Optional.empty());
    }

    /** The sums of both, for example of the sessions that an application has had one after the other. The age of the key is that of
     * the other, or of this one when the other has none. */
    public SessionStatistics plus(SessionStatistics other) {
        return new SessionStatistics(
                datagramsSent + other.datagramsSent,
                datagramsReceived + other.datagramsReceived,
                sum(datagramsDropped, other.datagramsDropped),
                retransmissions + other.retransmissions,
                sendFailures + other.sendFailures,
                statusReports + other.statusReports,
                sum(handshakes, other.handshakes),
                sum(headers, other.headers),
                keyChanges + other.keyChanges,
                other.keyAge.or(() -> keyAge));
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return Map.copyOf(sum);
    }
}
