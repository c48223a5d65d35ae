package io.camure.benchmarks.report;

import io.camure.benchmarks.Cell;
import io.camure.benchmarks.Start;
import io.camure.benchmarks.SystemName;
import io.camure.benchmarks.Work;
import org.jspecify.annotations.Nullable;

/** What can be compared: measurements of the same work under the same circumstances. */
record Key(Work work, int members, @Nullable Integer size, Start start) {

    static Key of(Cell cell) {
        return new Key(
                cell.work(),
                cell.members(),
                cell.size(),
                SystemName.parse(cell.system()).start());
    }

    @Override
    public String toString() {
        return work
                + (members == 1 ? ", 1 member" : ", " + members + " members")
                + (size == null ? "" : ", " + size + " B")
                + (start == Start.PLAIN ? "" : ", started with " + start);
    }
}
