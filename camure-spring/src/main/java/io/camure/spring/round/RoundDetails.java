package io.camure.spring.round;

import io.camure.Node;
import io.camure.Round;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupSample.NodeShare;
import io.camure.spring.kind.Written;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the endpoint and health tell of rounds. */
public final class RoundDetails {

    private RoundDetails() {}

    /** The round that is not complete yet. */
    public static Map<String, Object> of(RoundProgress progress) {
        Map<String, Object> round = new LinkedHashMap<>();
        round.put("number", progress.number());
        progress.since().ifPresent(since -> round.put("waitingMillis", Written.ageMillis(since)));
        round.put("coordinatorArrived", progress.coordinatorArrived());
        round.put("arrived", progress.arrived().size());
        round.put("missing", progress.missing().size());
        return round;
    }

    /** The rounds that this node has waited for. */
    public static Map<String, Object> of(RoundRecord record) {
        Map<String, Object> rounds = new LinkedHashMap<>();
        rounds.put("completed", record.count(RoundRecord.Outcome.COMPLETED));
        rounds.put("timedOut", record.count(RoundRecord.Outcome.TIMEOUT));
        rounds.put("failed", record.count(RoundRecord.Outcome.FAILED));
        record.last().ifPresent(last -> rounds.put("last", of(last)));
        record.recent().ifPresent(recent -> rounds.put("recent", of(recent)));
        return rounds;
    }

    private static Map<String, Object> of(RoundRecord.Ended last) {
        Round round = last.round();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("number", round.number());
        values.put("participants", round.size());
        values.put("durationMicros", Written.micros(round.duration()));
        values.put("endedMillis", Written.ageMillis(last.at()));
        values.put(
                "lostMembers", round.lostMembers().stream().map(Node::toString).toList());
        return values;
    }

    private static Map<String, Object> of(RoundRecord.Recent recent) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", recent.count());
        values.put("medianMicros", Written.micros(recent.median()));
        values.put("p99Micros", Written.micros(recent.p99()));
        values.put("maximumMicros", Written.micros(recent.maximum()));
        return values;
    }

    /** The rounds that this node has waited for, as they are recorded. */
    public static GroupSample sample(RoundRecord record) {
        return new GroupSample(counts(record), Map.of(), durations(record), List.of(), List.of());
    }

    /** All rounds, and who kept whom waiting. */
    public static GroupSample sample(RoundRecord record, RoundHistory history) {
        return new GroupSample(
                counts(record),
                Map.of(),
                durations(record),
                history.participants().stream().map(RoundDetails::share).toList(),
                history.rounds().stream().map(RoundDetails::of).toList());
    }

    private static Map<String, Long> counts(RoundRecord record) {
        return Map.of(
                "rounds", record.count(RoundRecord.Outcome.COMPLETED),
                "timedOut", record.count(RoundRecord.Outcome.TIMEOUT),
                "failed", record.count(RoundRecord.Outcome.FAILED));
    }

    private static Map<String, Long> durations(RoundRecord record) {
        return record.recent()
                .map(recent -> Map.of(
                        "medianMicros", Written.micros(recent.median()), "p99Micros", Written.micros(recent.p99())))
                .orElse(Map.of());
    }

    private static NodeShare share(RoundHistory.Participant participant) {
        return new NodeShare(
                participant.node(),
                participant.timesLast(),
                Written.micros(participant.waitCaused()),
                participant.roundTrip().map(Written::micros).orElse(null));
    }

    private static Map<String, Object> of(RoundHistory.PastRound round) {
        Map<String, Object> arrivals = new LinkedHashMap<>();
        round.arrivals()
                .forEach(arrival ->
                        arrivals.put(Written.address(arrival.node().address()), Written.micros(arrival.after())));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("number", round.number());
        values.put("beganMillis", round.began().toEpochMilli());
        values.put("durationMicros", Written.micros(round.duration()));
        values.put("broken", round.broken());
        values.put("arrivalMicros", arrivals);
        return values;
    }

    /** The round that was completed last, as health tells of it. */
    public static Map<String, Object> lastForHealth(RoundRecord record) {
        Map<String, Object> health = new LinkedHashMap<>();
        record.last().ifPresent(last -> {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("number", last.round().number());
            values.put("participants", last.round().size());
            values.put("duration", Written.micros(last.round().duration()) + "us");
            values.put("ended", Written.ago(last.at()));
            health.put("lastRound", values);
        });
        return health;
    }
}
