package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.Node;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.NodeHistoryDescriptor;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupSample.NodeShare;
import io.camure.spring.kind.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a group did in the last 15 minutes, in points of 5 s each, of which the last may be shorter. It keeps no more than these,
 * and for each no more nodes than those that kept the others waiting longest. Not thread-safe.
 */
final class GroupTrack {

    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final int POINTS = 180;
    static final int NODES_OF_A_POINT = 32;

    private final Deque<Point> points = new ArrayDeque<>();

    /** As it was when the last point began. */
    private GroupSample base;

    private Instant baseTime;

    /** The newest. */
    private GroupSample sample;

    private static final class Point {
        private final Map<String, Double> values = new HashMap<>();
        private Map<Node, NodeShare> shares = Map.of();
        private long endMillis;

        private void merge(Map<String, Long> highest) {
            highest.forEach((name, value) -> values.merge(name, (double) value, Math::max));
        }
    }

    GroupTrack(GroupSample first, Instant now) {
        base = first;
        baseTime = now;
        sample = first;
    }

    void add(GroupSample next, Instant now) {
        boolean setBack = now.isBefore(baseTime);
        if (points.isEmpty() || setBack || Duration.between(baseTime, now).compareTo(INTERVAL) > 0) {
            base = sample;
            if (setBack) {
                baseTime = now.minus(INTERVAL);
            } else if (!points.isEmpty()) {
                baseTime = Instant.ofEpochMilli(points.getLast().endMillis);
            }
            points.addLast(new Point());
            if (points.size() > POINTS) {
                points.removeFirst();
            }
        }
        Point point = points.getLast();
        point.endMillis = now.toEpochMilli();
        // The clock may have been set.
        double seconds = Math.max(1, Duration.between(baseTime, now).toMillis()) / 1000.0;
        next.counts().forEach((name, count) -> {
            long before = base.counts().getOrDefault(name, count);
            point.values.put(name, Math.max(0, count - before) / seconds);
        });
        point.merge(next.levels());
        if (!next.counts().equals(base.counts())) {
            point.merge(next.durations());
        }
        point.shares = shares(next);
        sample = next;
    }

    /** Who kept the others waiting since the point began. */
    private Map<Node, NodeShare> shares(GroupSample next) {
        Map<Node, NodeShare> before = new HashMap<>();
        base.shares().forEach(share -> before.put(share.node(), share));
        Map<Node, NodeShare> since = new HashMap<>();
        next.shares().stream()
                .map(share -> difference(share, before.get(share.node())))
                .filter(share -> share.timesLast() > 0)
                .sorted(Comparator.comparingLong(NodeShare::waitMicros).reversed())
                .limit(NODES_OF_A_POINT)
                .forEach(share -> since.put(share.node(), share));
        return since;
    }

    /** A membership that is new begins at 0. */
    private static NodeShare difference(NodeShare now, @Nullable NodeShare before) {
        if (before == null || before.timesLast() > now.timesLast()) {
            return now;
        }
        return new NodeShare(
                now.node(),
                now.timesLast() - before.timesLast(),
                now.waitMicros() - before.waitMicros(),
                now.roundTripMicros());
    }

    GroupHistoryDescriptor describe(String name, String session) {
        Set<String> names = new TreeSet<>();
        points.forEach(point -> names.addAll(point.values.keySet()));
        Map<String, List<@Nullable Double>> series = new LinkedHashMap<>();
        for (String each : names) {
            List<@Nullable Double> values = new ArrayList<>();
            points.forEach(point -> values.add(point.values.get(each)));
            series.put(each, values);
        }
        return new GroupHistoryDescriptor(
                name,
                session,
                points.stream().map(point -> point.endMillis).toList(),
                series,
                nodes(),
                sample.recent());
    }

    private List<NodeHistoryDescriptor> nodes() {
        Map<Node, NodeShare> sums = new LinkedHashMap<>();
        Set<Node> present = new HashSet<>();
        sample.shares().forEach(share -> {
            present.add(share.node());
            sums.put(share.node(), new NodeShare(share.node(), 0, 0, share.roundTripMicros()));
        });
        for (Point point : points) {
            point.shares.values().forEach(share -> sums.merge(share.node(), share, GroupTrack::sum));
        }
        return sums.values().stream()
                .sorted(Comparator.comparingLong(NodeShare::waitMicros).reversed())
                .map(share -> new NodeHistoryDescriptor(
                        share.node().name().isEmpty() ? null : share.node().name(),
                        Written.address(share.node().address()),
                        share.timesLast(),
                        share.waitMicros(),
                        share.roundTripMicros(),
                        present.contains(share.node())))
                .toList();
    }

    private static NodeShare sum(NodeShare one, NodeShare other) {
        return new NodeShare(
                one.node(),
                one.timesLast() + other.timesLast(),
                one.waitMicros() + other.waitMicros(),
                one.roundTripMicros());
    }
}
