package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How many handshakes may begin within a second, and who may begin them: hosts that ask have equal shares, however often they ask,
 * and at most half of all. Where there are more hosts than handshakes, it is drawn each second who has one.
 */
final class HandshakeShares {

    /** So many begin within a second. */
    static final int MOST = 50;

    private static final int MOST_OF_ONE_HOST = MOST / 2;

    /** So many hosts are remembered; among more, it may take longer until it is one's turn. */
    private static final int MOST_HOSTS = 1024;

    private final long drawn;
    private Set<InetAddress> asking = new HashSet<>();

    /** How many have asked in the second before. */
    private int hosts;

    private final Map<InetAddress, Integer> begunByHost = new HashMap<>();
    private int begun;
    private long beginNanos;

    /** @param random unpredictable in a real session */
    HandshakeShares(RandomGenerator random) {
        drawn = random.nextLong();
    }

    /** A host wants to begin one. */
    void onAsked(InetAddress host, long nowNanos) {
        if (nowNanos - beginNanos >= SECONDS.toNanos(1)) {
            hosts = nowNanos - beginNanos < SECONDS.toNanos(2) ? asking.size() : 0;
            beginNanos = nowNanos;
            asking = new HashSet<>();
            begun = 0;
            begunByHost.clear();
        }
        if (asking.size() < MOST_HOSTS) {
            asking.add(host);
        }
    }

    /** Whether a host that has just asked may begin one; if so, it counts as begun. */
    boolean take(InetAddress host) {
        int all = Math.max(hosts, asking.size());
        int share = Math.max(1, Math.min(MOST_OF_ONE_HOST, MOST / all));
        if (begun >= MOST || begunByHost.getOrDefault(host, 0) >= share || !isDrawn(host)) {
            return false;
        }
        begun++;
        begunByHost.merge(host, 1, Integer::sum);
        return true;
    }

    private boolean isDrawn(InetAddress host) {
        if (hosts <= MOST) {
            return true;
        }
        long mixed = (host.hashCode() ^ beginNanos ^ drawn) * 0x9E3779B97F4A7C15L;
        return Math.floorMod(mixed ^ mixed >>> 32, hosts) < MOST;
    }
}
