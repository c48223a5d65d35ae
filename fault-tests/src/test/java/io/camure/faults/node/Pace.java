package io.camure.faults.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How fast rounds pass that a node passes anyway. */
public final class Pace {

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private Pace() {}

    /** How many a second, of the next ones. */
    public static double perSecond(Node node, int rounds) {
        long begin = node.roundsPassed();
        long startNanos = System.nanoTime();
        while (node.roundsPassed() < begin + rounds) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        double seconds = (double) (System.nanoTime() - startNanos) / TimeUnit.SECONDS.toNanos(1);
        return (node.roundsPassed() - begin) / seconds;
    }
}
