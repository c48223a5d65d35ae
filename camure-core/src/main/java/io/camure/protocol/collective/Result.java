package io.camure.protocol.collective;

import io.camure.protocol.base.Format;
import io.camure.wire.CollectiveOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of the values that were given, in the order of the ranks, what the nodes get. Allocates nothing but for what fails. */
final class Result {

    private final Bytes result;

    Result(Bytes result) {
        this.result = result;
    }

    /**
     * Computes it.
     *
     * @param reduction what an operation needs that reduces
     * @return why there is none, or {@code null} when there is
     */
    @Nullable
    String compute(CollectiveOperation operation, int root, List<Contribution> ranked, @Nullable Reduction reduction) {
        result.clear();
        return switch (operation) {
            case ALL_REDUCE -> reduction == null ? noReducer() : reduce(ranked, reduction);
            case AGREE -> reduce(ranked, Reduction.AGREEMENT);
            case ALL_GATHER, GATHER -> gather(ranked);
            case BROADCAST -> take(ranked, root);
            case SCATTER -> scatter(ranked);
            case REDUCE_SCATTER -> reduction == null ? noReducer() : reduceParts(ranked, reduction);
        };
    }

    private static String noReducer() {
        return "the coordinator has no such reducer";
    }

    private @Nullable String reduce(List<Contribution> ranked, Reduction reduction) {
        for (int rank = 0; rank < ranked.size(); rank++) {
            Contribution each = ranked.get(rank);
            if (!reduction.add(result, 0, rank == 0, each.body(), each.start(), each.end() - each.start())) {
                return noValue(each, each.end() - each.start());
            }
        }
        return null;
    }

    private static String noValue(Contribution of, int bytes) {
        return name(of) + " has given " + bytes + " bytes, which are no such value";
    }

    private static String name(Contribution of) {
        return Format.node(of.participant().node());
    }

    private @Nullable String gather(List<Contribution> ranked) {
        for (int rank = 0; rank < ranked.size(); rank++) {
            Contribution each = ranked.get(rank);
            int start = Parts.begin(result);
            result.append(each.body(), each.start(), each.end() - each.start());
            Parts.end(result, start);
        }
        return null;
    }

    private @Nullable String take(List<Contribution> ranked, int root) {
        if (root >= ranked.size()) {
            return "there is no participant of rank " + root + " among the " + ranked.size();
        }
        Contribution from = ranked.get(root);
        if (!from.hasGiven()) {
            return name(from) + ", which has rank " + root + ", has given no value";
        }
        result.append(from.body(), from.start(), from.end() - from.start());
        return null;
    }

    private @Nullable String scatter(List<Contribution> ranked) {
        String missing = take(ranked, 0);
        return missing == null ? checkParts(ranked.get(0), ranked.size()) : missing;
    }

    private static @Nullable String checkParts(Contribution of, int expected) {
        int parts = Parts.count(of.body(), of.start(), of.end());
        return parts == expected
                ? null
                : name(of) + " has given " + Math.max(0, parts) + " parts to a round of " + expected + " participants";
    }

    private @Nullable String reduceParts(List<Contribution> ranked, Reduction reduction) {
        String wrong = checkAllParts(ranked);
        if (wrong != null) {
            return wrong;
        }
        for (int i = 0; i < ranked.size(); i++) {
            ranked.get(i).moveCursor(ranked.get(i).start());
        }
        for (int part = 0; part < ranked.size(); part++) {
            int start = Parts.begin(result);
            for (int rank = 0; rank < ranked.size(); rank++) {
                Contribution each = ranked.get(rank);
                int from = Parts.start(each.cursor());
                int end = Parts.end(each.body(), each.cursor(), each.end());
                if (!reduction.add(result, start, rank == 0, each.body(), from, end - from)) {
                    return noValue(each, end - from);
                }
                each.moveCursor(end);
            }
            Parts.end(result, start);
        }
        return null;
    }

    /** Why the parts that all have given are not one for each of them, or {@code null} when they are. */
    static @Nullable String checkAllParts(List<Contribution> ranked) {
        for (int i = 0; i < ranked.size(); i++) {
            String wrong = checkParts(ranked.get(i), ranked.size());
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }
}
