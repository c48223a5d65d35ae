package io.camure.spring.collective;

import io.camure.CollectiveContributions;
import io.camure.Node;
import io.camure.spring.kind.GroupDetails;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of the application as people read them, cut short. */
final class ValueTexts {

    private static final int LONGEST_TEXT = 200;
    private static final int MOST_BYTES = 32;

    /** The endpoint names no more participants than these. */
    private static final int MOST_NODES = 64;

    private ValueTexts() {}

    /** By their names and addresses; of many, the first. */
    static List<String> nodes(List<Node> participants) {
        return participants.stream().limit(MOST_NODES).map(Node::toString).toList();
    }

    /** Adds what a node has got. Where it got one value of each participant, it is told who gave which. */
    static void add(Map<String, Object> details, Object value, List<Node> participants) {
        if (value instanceof List<?> gathered && gathered.size() == participants.size() && !gathered.isEmpty()) {
            Map<String, Object> given = new LinkedHashMap<>();
            for (int rank = 0; rank < Math.min(gathered.size(), MOST_NODES); rank++) {
                given.put(participants.get(rank).toString(), text(gathered.get(rank)));
            }
            details.put(GroupDetails.VALUES, Map.of("byNode", given));
        } else {
            details.put(GroupDetails.VALUES, Map.of("outcome", text(value)));
        }
    }

    /** Who has given what. */
    static Map<String, Object> byNode(List<CollectiveContributions.Given> given) {
        Map<String, Object> byNode = new LinkedHashMap<>();
        for (CollectiveContributions.Given each : given) {
            String length = each.bytes() == 0 ? "nothing" : each.bytes() + " bytes";
            byNode.put(each.node().toString(), each.value() == null ? length : text(each.value()));
        }
        return byNode;
    }

    /** What a value of the application says of itself, which may be anything. */
    private static String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, MOST_BYTES));
            return bytes.length + " bytes: " + hex + (bytes.length > MOST_BYTES ? "…" : "");
        }
        String text;
        try {
            text = String.valueOf(value);
        } catch (RuntimeException e) {
            return "a " + (value == null ? null : value.getClass().getSimpleName()) + " that can't be written: " + e;
        }
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
