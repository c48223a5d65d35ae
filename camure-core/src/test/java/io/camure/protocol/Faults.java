package io.camure.protocol;

import java.util.SplittableRandom;

/**
 * What a simulated network does to datagrams.
 *
 * @param loss the share that is lost
 * @param duplication the share that arrives twice
 * @param minimumDelayNanos of each datagram
 * @param spreadNanos up to so much is added, evenly distributed; what is sent later may so arrive earlier
 */
record Faults(double loss, double duplication, long minimumDelayNanos, long spreadNanos) {

    static final Faults NONE = new Faults(0, 0, 50_000, 0);

    /** Anything from a quiet local network to one that loses 40 %, doubles 20 % and delays by up to 300 ms. */
    static Faults any(SplittableRandom random) {
        double loss = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.4);
        double duplication = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.2);
        long[] spreads = {0, 100_000, 2_000_000, 30_000_000, 300_000_000};
        return new Faults(
                loss, duplication, random.nextLong(10_000, 1_000_000), spreads[random.nextInt(spreads.length)]);
    }
}
