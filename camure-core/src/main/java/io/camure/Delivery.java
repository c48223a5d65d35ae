package io.camure;

import java.time.Duration;
import java.util.List;

/**
 * Who has what was sent to a broadcast group. They have received it, whether or not their applications have read it.
 *
 * @param nodes the members that have acknowledged it and are still in the group; empty when nobody was in the group
 * @param duration from when it was sent, or from when it was asked for by {@link BroadcastGroup#flush(Duration)}, until the last of
 *     them had acknowledged it
 */
public record Delivery(List<Node> nodes, Duration duration) {

    public Delivery {
        nodes = List.copyOf(nodes);
    }

    /** How many members have it. */
    public int count() {
        return nodes.size();
    }
}
