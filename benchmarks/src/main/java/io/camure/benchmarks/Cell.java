package io.camure.benchmarks;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement is of.
 *
 * @param size of a message, where there are any
 * @param repetition counts from 1
 */
public record Cell(
        String system, Work work, int members, @Nullable Integer size, int repetition) {

    /** By their names in JSON. */
    static final Set<String> FIELDS = Set.of("system", "work", "members", "size", "repetition");

    int requiredSize() {
        if (size == null) {
            throw new IllegalStateException(this + " has no size");
        }
        return size;
    }

    Cell ofSize(int newSize) {
        return new Cell(system, work, members, newSize, repetition);
    }

    @Override
    public String toString() {
        return work + " " + system + ", members " + members + (size == null ? "" : ", " + size + " B") + ", repetition "
                + repetition;
    }
}
