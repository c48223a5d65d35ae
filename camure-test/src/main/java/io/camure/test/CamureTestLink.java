package io.camure.test;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a host's cable, which does to datagrams what networks do. Faultless unless told.
 *
 * <p>What happens to a datagram is drawn from the network's seed, the host's name and the direction: the n-th datagram of a
 * link has the same fate in each run. Which datagram is the n-th depends on real time, though, and so do runs as a whole, unless the nodes
 * run {@linkplain CamureTestNetwork#on on an execution} that repeats itself.
 * Thread-safe; a change holds for datagrams that are sent from then on.
 */
public final class CamureTestLink {

    /** Long enough for others to overtake, short enough to be no loss. */
    private static final long HOLD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final SplittableRandom random;
    private final DelayedArrivals underWay;
    private final DatagramCounters counters;
    private double loss;
    private double duplication;
    private double reordering;
    private long leastDelayNanos;
    private long mostDelayNanos;
    private int longestBytes = Integer.MAX_VALUE;

    CamureTestLink(long seed, DelayedArrivals underWay, DatagramCounters counters) {
        random = new SplittableRandom(seed);
        this.underWay = underWay;
        this.counters = counters;
    }

    /**
     * Loses datagrams.
     *
     * @param probability 0 (none) … 1 (all)
     * @throws IllegalArgumentException when it is none
     */
    public synchronized CamureTestLink lose(double probability) {
        loss = probability(probability);
        return this;
    }

    /**
     * Delivers datagrams twice; to each copy the other faults may happen by themselves.
     *
     * @param probability 0 (none) … 1 (all)
     * @throws IllegalArgumentException when it is none
     */
    public synchronized CamureTestLink duplicate(double probability) {
        duplication = probability(probability);
        return this;
    }

    /**
     * Holds datagrams back for 2 ms, so that others overtake them.
     *
     * @param probability 0 (none) … 1 (all)
     * @throws IllegalArgumentException when it is none
     */
    public synchronized CamureTestLink reorder(double probability) {
        reordering = probability(probability);
        return this;
    }

    /**
     * Delivers each datagram so much later, in order.
     *
     * @param delay 0 for at once
     * @throws IllegalArgumentException when it is negative
     */
    public CamureTestLink delay(Duration delay) {
        return delay(delay, delay);
    }

    /**
     * Delivers each datagram later, by a time of its own, so that they overtake one another.
     *
     * @throws IllegalArgumentException when {@code least} is negative or more than {@code most}
     */
    public synchronized CamureTestLink delay(Duration least, Duration most) {
        if (least.isNegative() || least.compareTo(most) > 0) {
            throw new IllegalArgumentException("delay is " + least + "…" + most + ": it must be 0 or more, in order");
        }
        leastDelayNanos = least.toNanos();
        mostDelayNanos = most.toNanos();
        return this;
    }

    /**
     * Loses datagrams that are longer, without a word, as a path does whose MTU is less than that of the nodes' interfaces and
     * which tells nobody.
     *
     * @param bytes of the longest datagram that arrives, without the headers of IP and UDP; {@link Integer#MAX_VALUE} for any
     * @throws IllegalArgumentException when it is negative
     */
    public synchronized CamureTestLink loseLongerThan(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes is " + bytes + ": it must be 0 or more");
        }
        longestBytes = bytes;
        return this;
    }

    /** Ends all faults. */
    public synchronized CamureTestLink repair() {
        return lose(0).duplicate(0).reorder(0).delay(Duration.ZERO).loseLongerThan(Integer.MAX_VALUE);
    }

    /** Has the same faults as another one. */
    void imitate(CamureTestLink other) {
        synchronized (other) {
            lose(other.loss).duplicate(other.duplication).reorder(other.reordering);
            loseLongerThan(other.longestBytes);
            delay(Duration.ofNanos(other.leastDelayNanos), Duration.ofNanos(other.mostDelayNanos));
        }
    }

    private static double probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("probability is " + value + ": it must be 0…1");
        }
        return value;
    }

    /** Has a datagram of so many bytes arrive at once, later, twice or never. */
    void transmit(int bytes, Runnable arrival) {
        boolean twice;
        synchronized (this) {
            twice = random.nextDouble() < duplication;
            if (bytes > longestBytes) {
                counters.lost.increment();
                return;
            }
        }
        if (twice) {
            counters.duplicated.increment();
            transmitCopy(arrival);
        }
        transmitCopy(arrival);
    }

    private void transmitCopy(Runnable arrival) {
        boolean lost;
        long delayNanos;
        synchronized (this) {
            // As many draws for each datagram, whatever is set, so that one setting does not change what another one
            // does.
            lost = random.nextDouble() < loss;
            delayNanos = random.nextDouble() < reordering ? HOLD_BACK_NANOS : 0;
            delayNanos += leastDelayNanos + (long) (random.nextDouble() * (mostDelayNanos - leastDelayNanos));
        }
        if (lost) {
            counters.lost.increment();
        } else if (delayNanos == 0) {
            arrival.run();
        } else {
            underWay.schedule(arrival, delayNanos);
        }
    }
}
