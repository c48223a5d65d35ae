package io.camure.faults.election;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What was measured, each time, in milliseconds. */
final class Times {

    private final List<Long> millis = new ArrayList<>();

    void add(long nanos) {
        millis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    List<Long> millis() {
        return List.copyOf(millis);
    }

    /** Prints them, also those of a test that has failed since. */
    void tell(String what) {
        List<Long> sorted = millis.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.printf(
                    "%s, %d times, first round everywhere: shortest %d ms, median %d ms, longest %d ms; each: %s%n",
                    what,
                    sorted.size(),
                    sorted.get(0),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() - 1),
                    millis);
        }
    }
}
