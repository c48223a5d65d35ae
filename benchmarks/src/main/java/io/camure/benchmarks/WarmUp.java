package io.camure.benchmarks;

import io.camure.benchmarks.Crew.Compilation;
import java.time.Duration;

/**
 * Has nodes work until their compilers are quiet: until in some windows, one after the other, all compilers together have
 * worked for a small part of the window, and hardly any compiled code was left for good.
 *
 * @param window how long to work between two looks
 * @param windows how many quiet ones there must be
 * @param bound when to give up
 */
record WarmUp(Duration window, int windows, Duration bound) {

    /** Of a window. Some seldom used method is compiled now and then for minutes. */
    private static final double QUIET_PART = 0.02;

    /** Of a second. */
    private static final double QUIET_DEOPTIMIZATIONS = 4;

    /**
     * Works until the compilers are quiet.
     *
     * @param first how much to do at first, when it is not known how fast it is done
     */
    Outcome run(Crew crew, Burst burst, long first) throws CellFailure, InterruptedException {
        long count = first;
        double seconds = burst.seconds(count, window);
        double total = seconds;
        Compilation before = crew.compilation();
        int quiet = 0;
        while (quiet < windows && total < toSeconds(bound)) {
            count = Math.max(first, Math.round(count / seconds * toSeconds(window)));
            seconds = burst.seconds(count, window);
            total += seconds;
            Compilation now = crew.compilation();
            quiet = isQuiet(before, now, seconds) ? quiet + 1 : 0;
            before = now;
        }
        return new Outcome(count / seconds, total, quiet >= windows);
    }

    private static boolean isQuiet(Compilation before, Compilation now, double seconds) {
        return (now.millis() - before.millis()) / 1e3 <= QUIET_PART * seconds
                && now.deoptimizations() - before.deoptimizations() <= QUIET_DEOPTIMIZATIONS * seconds;
    }

    private static double toSeconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Some rounds or messages. */
    interface Burst {

        /**
         * Does so many.
         *
         * @param planned how long it may take
         * @return how long it took
         */
        double seconds(long count, Duration planned) throws CellFailure, InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param rate how much was done in a second at last
     * @param seconds how long it took
     * @param quiet whether the compilers were quiet at last
     */
    record Outcome(double rate, double seconds, boolean quiet) {

        Measurement addTo(Measurement measurement) {
            return measurement.with("warm_up_s", seconds).with("quiet", quiet ? 1 : 0);
        }
    }
}
