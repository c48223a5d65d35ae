package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.HOURS;

/**
 * For how long a key is used.
 *
 * @param datagrams after so many that were sealed under it another one follows
 * @param ageNanos after so long as well
 */
public record KeyLimits(long datagrams, long ageNanos) {

    /** AES-GCM is safe for many more datagrams; so short that a key which got known is of little use. */
    public static final KeyLimits DEFAULT = new KeyLimits(1L << 27, HOURS.toNanos(1));
}
