package io.camure.node.session;

import io.camure.SessionStatistics;
import io.camure.node.group.Counter;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import java.util.Map;
import java.util.TreeMap;

/** What a session has done as of its last turn. Written under the driver's lock, read by any thread without waiting. */
public final class PublishedStatistics {

    private static final ChunkType[] TYPES = ChunkType.values();
    private static final DropReason[] REASONS = DropReason.values();

    private final Counter received = new Counter(0);
    private final Counter retransmissions = new Counter(0);
    private final Counter statusReports = new Counter(0);
    private final Counter[] dropped = new Counter[REASONS.length];

    public PublishedStatistics() {
        for (int i = 0; i < dropped.length; i++) {
            dropped[i] = new Counter(0);
        }
    }

    public void publish(ProtocolCounters counters) {
        retransmissions.set(counters.retransmissions());
        statusReports.set(counters.statusReports());
        long all = 0;
        for (ChunkType type : TYPES) {
            all += counters.received(type);
        }
        received.set(all);
        for (int i = 0; i < dropped.length; i++) {
            dropped[i].set(counters.dropped(REASONS[i]));
        }
    }

    /** @param sent and {@code sendFailures}, which the driver counts */
    public SessionStatistics read(long sent, long sendFailures) {
        Map<String, Long> byReason = new TreeMap<>();
        for (int i = 0; i < dropped.length; i++) {
            byReason.put(REASONS[i].label(), dropped[i].get());
        }
        return new SessionStatistics(
                sent, received.get(), Map.copyOf(byReason), retransmissions.get(), sendFailures, statusReports.get());
    }
}
