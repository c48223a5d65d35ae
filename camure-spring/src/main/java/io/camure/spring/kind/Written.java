package io.camure.spring.kind;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/** How addresses, ages and durations are written where sessions and groups are described. */
public final class Written {

    private Written() {}

    /** As properties have it: {@code host:port}, IPv6 in brackets. */
    public static String address(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** How long something is past, in milliseconds: never negative, however the clock is set. */
    public static long ageMillis(Instant at) {
        return Math.max(0, Duration.between(at, Instant.now()).toMillis());
    }

    /** {@code 12ms ago}. */
    public static String ago(Instant at) {
        return ago(ageMillis(at));
    }

    /** {@code 12ms ago}. */
    public static String ago(long millis) {
        return millis + "ms ago";
    }

    public static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
