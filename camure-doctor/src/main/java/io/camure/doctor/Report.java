package io.camure.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the doctor has found.
 *
 * @param node the node that was examined
 * @param time when
 * @param status the worst of all rungs
 * @param rungs from the machine itself to what passes on the way; those behind one that is red may be missing
 * @param matrix who hears whom
 */
public record Report(String node, Instant time, Status status, List<Rung> rungs, List<Hearing> matrix) {

    static Report of(String node, List<Rung> rungs, List<Hearing> matrix) {
        Status worst =
                rungs.stream().map(Rung::status).max(Comparator.naturalOrder()).orElse(Status.GREEN);
        return new Report(node, Instant.now(), worst, List.copyOf(rungs), List.copyOf(matrix));
    }

    /** This and another one of the same node, as one; what both say is said once. */
    public Report plus(Report other) {
        List<Hearing> all = new ArrayList<>(matrix);
        all.addAll(other.matrix);
        return of(
                node,
                Stream.concat(rungs.stream(), other.rungs.stream()).distinct().toList(),
                all);
    }

    /** A line for the node, and one for each rung. */
    @Override
    public String toString() {
        return "the doctor's report of " + node
                + rungs.stream().map(Rung::toString).collect(Collectors.joining("\n  ", "\n  ", ""));
    }
}
