package io.camure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** How messages for people write what has another form in Java. */
final class Printed {

    private Printed() {}

    /** As in {@code 10.0.0.1:7400} and {@code [fe80::1]:7400}, without the slash of {@link InetSocketAddress#toString}. */
    static String address(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** As in {@code 1m30s}, {@code 5s} and {@code 250ms}; to the millisecond, and from a minute on to the second. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            return millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000 + "." + millis % 1000 / 100 + "s";
        }
        String minutes = duration.toHours() > 0
                ? duration.toHours() + "h" + duration.toMinutesPart() + "m"
                : duration.toMinutes() + "m";
        return duration.toSecondsPart() == 0 ? minutes : minutes + duration.toSecondsPart() + "s";
    }
}
