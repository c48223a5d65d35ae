package io.camure.spring.collective;

import io.camure.CollectiveConfig;
import io.camure.CollectiveContributions;
import io.camure.CollectiveMismatchException;
import io.camure.Node;
import io.camure.Outcome;
import io.camure.Reducer;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.Written;
import io.camure.spring.round.RoundCalls;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has come out of the rounds of a collective: the last of it, and how often the nodes did not call the same. Thread-safe. */
final class OutcomeRecord implements RoundCalls.Results {

    private static final String ASYNC = "Async";

    /** All guarded by this. */
    private @Nullable Ended last;

    private @Nullable Mismatch lastMismatch;
    private long mismatches;

    /** What was called, and what has come of it. Its values are kept as they are: to write them may take long, and nobody may ask. */
    private record Ended(String operation, Outcome<?> outcome, Instant at) {}

    /** How the nodes did not call the same. */
    private record Mismatch(CollectiveMismatchException cause, Instant at) {}

    @Override
    public @Nullable Round roundOf(Method method, Object result) {
        if (!(result instanceof Outcome<?> outcome)) {
            return null;
        }
        String name = method.getName();
        Ended ended = new Ended(
                name.endsWith(ASYNC) ? name.substring(0, name.length() - ASYNC.length()) : name,
                outcome,
                Instant.now());
        synchronized (this) {
            last = ended;
        }
        return outcome.round();
    }

    @Override
    public synchronized void onBroken(RoundBrokenException cause) {
        if (cause instanceof CollectiveMismatchException mismatch) {
            lastMismatch = new Mismatch(mismatch, Instant.now());
            mismatches++;
        }
    }

    private synchronized long mismatches() {
        return mismatches;
    }

    /** How often the nodes did not call the same. */
    GroupMeter meter() {
        return new GroupMeter(
                "camure.collective.mismatches",
                GroupMeter.Type.COUNTER,
                null,
                "Rounds that this node waited for, and that broke since the nodes had not called the same",
                Map.of(),
                this::mismatches);
    }

    /**
     * What the endpoint tells: what the values are, and what has come out of the last rounds.
     *
     * @param given what the nodes have given in the last round, where that is known
     */
    synchronized Map<String, Object> details(CollectiveConfig<?> config, @Nullable CollectiveContributions given) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("codec", config.codec().name());
        config.reducer().map(Reducer::name).ifPresent(name -> details.put("reducer", name));
        details.put("action", config.action().isPresent());
        details.put("maximumValueBytes", config.maximumValueBytes());
        details.put("mismatches", mismatches);
        Ended ended = last;
        if (ended != null) {
            details.put("last", details(ended));
        }
        if (given != null) {
            details.put("given", details(given));
        }
        Mismatch mismatch = lastMismatch;
        if (mismatch != null) {
            details.put("lastMismatch", details(mismatch));
        }
        return Map.of("collective", details);
    }

    private static Map<String, Object> details(Ended ended) {
        Round round = ended.outcome().round();
        List<Node> participants = round.participants();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("number", round.number());
        details.put("operation", ended.operation());
        details.put("endedMillis", Written.ageMillis(ended.at()));
        details.put("rank", round.rank());
        details.put("participants", ValueTexts.nodes(participants));
        ValueTexts.add(details, ended.outcome().value(), participants);
        return details;
    }

    private static Map<String, Object> details(CollectiveContributions given) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("number", given.round());
        details.put("operation", given.operation());
        details.put(GroupDetails.VALUES, Map.of("byNode", ValueTexts.byNode(given.given())));
        return details;
    }

    private static Map<String, Object> details(Mismatch mismatch) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("number", mismatch.cause().round());
        details.put("endedMillis", Written.ageMillis(mismatch.at()));
        Map<String, Object> calls = new LinkedHashMap<>();
        mismatch.cause().calls().forEach((node, call) -> calls.put(node.toString(), call));
        details.put("calls", calls);
        return details;
    }

    /** What health tells: no values. */
    synchronized Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>();
        Ended ended = last;
        if (ended != null) {
            health.put("lastOperation", ended.operation());
        }
        Mismatch mismatch = lastMismatch;
        if (mismatch != null) {
            health.put(
                    "lastMismatch",
                    Written.ago(mismatch.at()) + ": " + mismatch.cause().getMessage());
        }
        return health;
    }
}
