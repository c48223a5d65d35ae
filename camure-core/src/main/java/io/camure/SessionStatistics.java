package io.camure;

import io.camure.wire.DropReason;
import java.util.Map;
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
 */
public record SessionStatistics(
        long datagramsSent,
        long datagramsReceived,
        Map<String, Long> datagramsDropped,
        long retransmissions,
        long sendFailures,
        long statusReports) {

    /** No counts yet: all zero, with every reason that there is. */
    public static SessionStatistics none() {
        Map<String, Long> dropped = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason.label(), 0L);
        }
        return new SessionStatistics(0, 0, Map.copyOf(dropped), 0, 0, 0);
    }

    /** The sums of both, for example of the sessions that an application has had one after the other. */
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
