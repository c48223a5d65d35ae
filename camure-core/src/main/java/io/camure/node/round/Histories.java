package io.camure.node.round;

import io.camure.Node;
import io.camure.RoundHistory;
import io.camure.RoundHistory.Arrival;
import io.camure.RoundHistory.Participant;
import io.camure.RoundHistory.PastRound;
import io.camure.node.group.Nodes;
import io.camure.protocol.group.Membership;
import io.camure.protocol.round.ArrivalRecord;
import io.camure.protocol.round.RoundWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What users get of the arrivals that are recorded. */
final class Histories {

    private final ArrivalRecord record;
    private final Node coordinator;

    private Histories(ArrivalRecord record, Node coordinator) {
        this.record = record;
        this.coordinator = coordinator;
    }

    /** Records from the first call on. */
    static RoundHistory of(RoundWork round, Node coordinator, long nowNanos) {
        Histories histories = new Histories(round.record(RoundHistory.ROUNDS), coordinator);
        List<Participant> participants = new ArrayList<>();
        participants.add(histories.participant(null));
        round.memberships().forEach(member -> participants.add(histories.participant(member)));
        Instant now = Instant.now();
        List<PastRound> rounds = histories.record.rounds().stream()
                .map(past -> histories.describe(past, now.minusNanos(nowNanos - past.beganNanos())))
                .toList();
        return new RoundHistory(participants, rounds);
    }

    private Participant participant(@Nullable Membership member) {
        long roundTripNanos = member == null ? -1 : record.roundTripNanos(member);
        return new Participant(
                node(member),
                record.timesLast(member),
                Duration.ofNanos(record.waitNanos(member)),
                roundTripNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(roundTripNanos)));
    }

    private Node node(@Nullable Membership member) {
        return member == null ? coordinator : Nodes.of(member.identity());
    }

    private PastRound describe(ArrivalRecord.Past past, Instant began) {
        return new PastRound(
                past.round(),
                began,
                Duration.ofNanos(past.endNanos() - past.beganNanos()),
                past.broken(),
                past.arrivals().stream()
                        .map(arrival -> new Arrival(
                                node(arrival.member()), Duration.ofNanos(arrival.nanos() - past.beganNanos())))
                        .toList());
    }
}
