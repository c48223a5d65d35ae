package io.camure.spring.kind;

import io.camure.Node;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a group from time to time, so that there is a past to look at.
 *
 * @param counts what has happened since the application's start, by name; they never decrease
 * @param levels what there is now, by name; names end with their unit
 * @param durations how long the last of what has passed took, by name, in microseconds: recorded only when something passes
 * @param shares what each node has to do with it, where that is known
 * @param recent the last of what has passed, as the endpoint tells it; values as in {@link GroupDetails}
 */
public record GroupSample(
        Map<String, Long> counts,
        Map<String, Long> levels,
        Map<String, Long> durations,
        List<NodeShare> shares,
        List<Map<String, Object>> recent) {

    /**
     * How much a node has kept the others waiting.
     *
     * @param timesLast how often it was the last, since that is recorded
     * @param waitMicros how long the others have waited for it alone
     * @param roundTripMicros how long it takes to answer; {@code null} until measured
     */
    public record NodeShare(
            Node node,
            long timesLast,
            long waitMicros,
            @Nullable Long roundTripMicros) {}
}
