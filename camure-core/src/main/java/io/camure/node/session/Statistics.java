package io.camure.node.session;

import io.camure.SessionStatistics;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.HeaderOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.runtime.SessionDriver;
import io.camure.wire.DropReason;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the parts of a session have counted, put together for users. */
public final class Statistics {

    private Statistics() {}

    /** Does not wait for anybody. */
    public static SessionStatistics of(ProtocolCounters counters, SessionDriver driver) {
        Map<String, Long> dropped = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason.label(), counters.dropped(reason));
        }
        Map<String, Long> handshakes = new TreeMap<>();
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            handshakes.put(outcome.label(), counters.handshakes(outcome));
        }
        Map<String, Long> headers = new TreeMap<>();
        for (HeaderOutcome outcome : HeaderOutcome.values()) {
            headers.put(outcome.label(), counters.headers(outcome));
        }
        OptionalLong keyAge = counters.keyAgeNanos(driver.nowNanos());
        return new SessionStatistics(
                driver.datagramsSent(),
                counters.received(),
                Map.copyOf(dropped),
                counters.retransmissions(),
                driver.sendFailures(),
                counters.statusReports(),
                Map.copyOf(handshakes),
                Map.copyOf(headers),
                counters.keyChanges(),
                keyAge.isPresent() ? Optional.of(Duration.ofNanos(keyAge.getAsLong())) : Optional.empty());
    }
}
