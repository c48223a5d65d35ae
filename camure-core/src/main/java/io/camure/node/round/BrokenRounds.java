package io.camure.node.round;

import io.camure.CollectiveMismatchException;
import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.node.group.Nodes;
import io.camure.protocol.round.RoundBreak;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What users get of rounds that were broken. */
final class BrokenRounds {

    private BrokenRounds() {}

    /** @param group as messages call it */
    static RoundBrokenException exception(String group, long round, RoundBreak why) {
        List<Node> nodes = Nodes.of(why.nodes());
        String which = group + ": round " + round;
        return switch (why.cause()) {
            case MEMBER_LOST ->
                new RoundBrokenException(
                        which + " was broken by the loss of " + nodes,
                        round,
                        RoundBrokenException.Reason.MEMBER_LOST,
                        nodes);
            case RESET ->
                new RoundBrokenException(
                        which + " was reset by the coordinator; not arrived had " + nodes,
                        round,
                        RoundBrokenException.Reason.RESET,
                        nodes);
            case MISMATCH -> mismatch(which, round, nodes, why.calls());
            case FAILED ->
                new RoundBrokenException(
                        which + " has no result: " + why.detail(),
                        round,
                        RoundBrokenException.Reason.FAILED,
                        List.of(),
                        withoutWords(why.detail()));
        };
    }

    /** What the application's exceptions say is behind the first colon, whichever node has written it. */
    private static String withoutWords(String detail) {
        int end = detail.indexOf(": ");
        return end < 0 ? detail : detail.substring(0, end);
    }

    private static RoundBrokenException mismatch(String which, long round, List<Node> nodes, List<String> calls) {
        Map<Node, String> byNode = new LinkedHashMap<>();
        Map<String, String> byCall = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(nodes.size(), calls.size()); i++) {
            byNode.put(nodes.get(i), calls.get(i));
            byCall.merge(calls.get(i), nodes.get(i).toString(), (some, one) -> some + ", " + one);
        }
        String called = byCall.entrySet().stream()
                .map(call -> call.getKey() + " by " + call.getValue())
                .collect(Collectors.joining("; "));
        return new CollectiveMismatchException(
                which + " was broken, since its nodes have not called the same: " + called
                        + ". Call the same, with reducers and codecs of the same names, at all nodes",
                round,
                byNode);
    }
}
