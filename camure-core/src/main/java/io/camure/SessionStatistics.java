package io.camure;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a session has done since it began.
 *
 * @param datagramsSent all that the network took
 * @param datagramsReceived all that could be read
 * @param datagramsDropped all that were received and not taken, by reason, with every reason that there is
 * @param retransmissions of those sent, the repetitions
 * @param sendFailures datagrams that the network did not take; they were repeated where an answer was due
 * @param statusReports how often members have said what they have of a broadcast: at a member what it has sent, at the coordinator
 *     what it was sent
 */
public record SessionStatistics(
        long datagramsSent,
        long datagramsReceived,
        Map<String, Long> datagramsDropped,
        long retransmissions,
        long sendFailures,
        long statusReports) {

    /** Nothing yet: all zero, with every reason that there is. */
    public static SessionStatistics none() {
        return new PublishedStatistics().read();
    }

    /** The sum of both, such as of the sessions that one application has had after another. */
    public SessionStatistics plus(SessionStatistics other) {
        Map<String, Long> dropped = new TreeMap<>(datagramsDropped);
        other.datagramsDropped.forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        return new SessionStatistics(
                datagramsSent + other.datagramsSent,
                datagramsReceived + other.datagramsReceived,
                Map.copyOf(dropped),
                retransmissions + other.retransmissions,
                sendFailures + other.sendFailures,
                statusReports + other.statusReports);
    }
}
