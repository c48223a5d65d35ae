package io.camure;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.DropReason;
import java.util.Locale;
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
        return of(new ProtocolCounters(), 0, 0);
    }

    static SessionStatistics of(ProtocolCounters counters, long sent, long sendFailures) {
        Map<String, Long> byReason = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            byReason.put(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), counters.dropped(reason));
        }
        return new SessionStatistics(
                sent,
                counters.received(),
                Map.copyOf(byReason),
                counters.retransmissions(),
                sendFailures,
                counters.statusReports());
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
