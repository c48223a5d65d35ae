package io.camure.doctor;

import java.util.stream.IntStream;

/**
 * How far datagrams have come: each router takes one of their time to live. What that was at first is taken to be the next of those
 * that operating systems begin with.
 *
 * @param left the time to live that was left
 * @param first the one that they left with
 */
record Hops(int left, int first) {

    /** Linux and macOS; Windows; some others. */
    private static final int[] FIRST = {64, 128, 255};

    static Hops of(int left) {
        return new Hops(
                left,
                IntStream.of(FIRST).filter(first -> first >= left).findFirst().orElse(left));
    }

    int routers() {
        return first - left;
    }

    String describe() {
        String between = routers() == 0 ? "No router is" : routers() == 1 ? "A router is" : routers() + " routers are";
        return between + " between: datagrams arrive with a time to live of " + left
                + (routers() == 0 ? "." : ", and left with " + first + ".");
    }
}
