package io.camure.spring.collective;

import io.camure.Reducer;
import java.util.function.Supplier;

/** How the values of a collective become one, of what is built in. */
public enum Reduce {
    /** The sum of numbers. */
    SUM(Reducer::sum),
    /** The least of numbers. */
    MIN(Reducer::min),
    /** The greatest of numbers. */
    MAX(Reducer::max),
    /** Whether all are true; of integers the bits that all have. */
    AND(Reducer::and),
    /** Whether any is true; of integers the bits that any has. */
    OR(Reducer::or),
    /** Texts, or bytes, one behind the other. */
    CONCAT(Reducer::concat);

    private final Supplier<Reducer<Object>> made;

    Reduce(Supplier<Reducer<Object>> made) {
        this.made = made;
    }

    /** For values of whatever type: whether it fits is told when it gets a codec. */
    @SuppressWarnings("unchecked")
    <T> Reducer<T> reducer() {
        return (Reducer<T>) made.get();
    }
}
