package io.camure.protocol.base;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.NodeIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Nodes, addresses and durations as people read them in messages and logs. */
public final class Format {

    /** Rounded to milliseconds from here on, so that a measured time stays short. */
    private static final long ROUNDED_NANOS = SECONDS.toNanos(1);

    private static final long[] UNIT_NANOS = {
        HOURS.toNanos(1), MINUTES.toNanos(1), SECONDS.toNanos(1), MILLISECONDS.toNanos(1), MICROSECONDS.toNanos(1), 1
    };

    private static final String[] UNITS = {"h", "m", "s", "ms", "us", "ns"};

    private Format() {}

    /** An address and its port, such as 10.0.3.7:7400 or [fe80::1]:7400; the host's name when it could not be resolved. */
    public static String address(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** A node by its name and where it is, such as orders-7f9c (10.0.3.7:46064); the address alone when the name is empty. */
    public static String node(String name, InetSocketAddress address) {
        return name.isEmpty() ? address(address) : name + " (" + address(address) + ")";
    }

    /** See {@link #node(String, InetSocketAddress)}. */
    public static String node(NodeIdentity node) {
        return node(node.name(), node.address());
    }

    /** A session by its name, or as one that has none. */
    public static String session(String name) {
        return name.isEmpty() ? "a session without a name" : "the session \"" + name + "\"";
    }

    /** A text with a full stop behind it, unless it ends as a sentence does already. */
    public static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    /** A duration as it was set, in the largest unit that leaves it whole and never rounded, such as 5s or 1500ms. */
    public static String setting(Duration duration) {
        return inLargestUnit(TimeUnit.NANOSECONDS.convert(duration));
    }

    /** See {@link #duration(long)}. */
    public static String duration(Duration duration) {
        return duration(TimeUnit.NANOSECONDS.convert(duration));
    }

    /**
     * A duration in the largest unit that leaves it whole, such as 5s, 1500ms or 2m, as properties take it. A measured one of a second
     * and more is rounded to milliseconds.
     *
     * @param nanos not negative
     */
    public static String duration(long nanos) {
        long millis = MILLISECONDS.toNanos(1);
        return inLargestUnit(nanos < ROUNDED_NANOS ? nanos : (nanos + millis / 2) / millis * millis);
    }

    private static String inLargestUnit(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        int unit = 0;
        while (nanos % UNIT_NANOS[unit] != 0) {
            unit++;
        }
        return nanos / UNIT_NANOS[unit] + UNITS[unit];
    }
}
