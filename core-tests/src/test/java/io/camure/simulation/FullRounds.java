package io.camure.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether all nodes go on together: each of them has to pass some rounds in which everybody takes part. */
final class FullRounds {

    private static final int ROUNDS_AT_LAST = 2;

    private final String what;

    /** Since all are to go on. */
    private final Map<Site, Integer> passed = new LinkedHashMap<>();

    private int everybody = Integer.MAX_VALUE;

    /** @param what kind of rounds */
    FullRounds(String what) {
        this.what = what;
    }

    /** A node has passed a round of so many. */
    void onPassed(Site site, int size) {
        if (size == everybody) {
            passed.merge(site, 1, Integer::sum);
        }
    }

    /** From now on all are to go on together. */
    void goOn(World world) {
        everybody = world.members().size() + 1;
        passed.clear();
    }

    /** Why they have not done so yet, or {@code null}. */
    String notGoneOn(World world) {
        List<Site> late = new ArrayList<>();
        for (Site site : world.sites()) {
            if (passed.getOrDefault(site, 0) < ROUNDS_AT_LAST) {
                late.add(site);
            }
        }
        return late.isEmpty() ? null : "no " + ROUNDS_AT_LAST + " " + what + " of all at " + late;
    }
}
