package io.camure.spring.boot.dashboard;

import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.NodeHistoryDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is recorded of a {@link Scene} until then. */
record ScenePast(
        Instant time,
        int members,
        @Nullable Integer slow,
        @Nullable Duration changed) {

    HistoryDescriptor told(boolean lost) {
        if (members == 0) {
            return new HistoryDescriptor(time, 5000, List.of(), List.of());
        } else if (lost) {
            return new HistoryDescriptor(time, 5000, List.of(atMember()), List.of(lostEvent()));
        }
        return new HistoryDescriptor(time, 5000, List.of(ofBarrier(), ofBroadcast()), events());
    }

    private List<Long> times() {
        return IntStream.rangeClosed(1, 180)
                .mapToObj(point -> time.minusSeconds(5L * (180 - point)).toEpochMilli())
                .toList();
    }

    /** A member knows no others. */
    private GroupHistoryDescriptor atMember() {
        GroupHistoryDescriptor all = ofBarrier();
        return new GroupHistoryDescriptor(all.name(), all.session(), all.times(), all.series(), List.of(), List.of());
    }

    private EventDescriptor lostEvent() {
        return new EventDescriptor(
                time.minusSeconds(8),
                "default",
                null,
                "coordinator-lost",
                "orders-7f9c",
                Scene.OWN,
                "the coordinator orders-7f9c (" + Scene.OWN + ") is lost");
    }

    private GroupHistoryDescriptor ofBarrier() {
        Random random = new Random(42);
        List<Double> median = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        for (int point = 0; point < 180; point++) {
            median.add(1700 + 400 * random.nextDouble());
            p99.add((point > 120 && point < 140 ? 40_000 : 6000) + 3000 * random.nextDouble());
        }
        List<NodeHistoryDescriptor> nodes = new ArrayList<>();
        for (int node = 0; node < members; node++) {
            long often = node == 2 % members ? 700 : random.nextInt(60);
            nodes.add(new NodeHistoryDescriptor(
                    Scene.name(node), Scene.address(node), often, often * (node == 2 ? 3100 : 400), 90L + node, true));
        }
        nodes.add(new NodeHistoryDescriptor("orders-7f9c", Scene.OWN, 30, 9000, null, true));
        nodes.sort((one, other) -> Long.compare(other.waitMicros(), one.waitMicros()));
        return new GroupHistoryDescriptor(
                "start-line",
                "default",
                times(),
                Map.of("medianMicros", median, "p99Micros", p99),
                nodes,
                IntStream.range(0, 16).mapToObj(round -> round(round, random)).toList());
    }

    private Map<String, Object> round(int round, Random random) {
        Map<String, Object> arrivals = new LinkedHashMap<>();
        arrivals.put(Scene.OWN, 0L);
        long latest = 0;
        for (int node = 0; node < members; node++) {
            long after = 100 + random.nextInt(600) + (node == 2 && round % 4 != 1 ? 1500 + random.nextInt(4000) : 0);
            arrivals.put(Scene.address(node), after);
            latest = Math.max(latest, after);
        }
        return Map.of(
                "number",
                1026 + round,
                "beganMillis",
                time.minusMillis(250L * (16 - round)).toEpochMilli(),
                "durationMicros",
                latest,
                "broken",
                false,
                "arrivalMicros",
                arrivals);
    }

    private GroupHistoryDescriptor ofBroadcast() {
        List<Double> messages = IntStream.range(0, 180)
                .mapToObj(point -> slow != null && point > 170 ? 0.0 : 900 + 100 * Math.sin(point / 9.0))
                .toList();
        return new GroupHistoryDescriptor(
                "prices", "default", times(), Map.of("messages", messages), List.of(), List.of());
    }

    private List<EventDescriptor> events() {
        List<EventDescriptor> events = new ArrayList<>();
        if (changed != null) {
            events.add(new EventDescriptor(
                    time.minus(changed),
                    "default",
                    null,
                    "coordinator-changed",
                    "orders-7f9c",
                    Scene.OWN,
                    "orders-7f9c (" + Scene.OWN + ") coordinates, term 8, in place of orders-51aa after 1200ms"));
        }
        for (int node = 0; node < Math.min(members, 8); node++) {
            events.add(event(5400 - node, "start-line", "joined", node, " has joined"));
        }
        events.add(event(600, "start-line", "lost", members + 1, " is lost: it was not heard any more"));
        if (slow != null) {
            events.add(event(47, "prices", "slow", slow, " holds the broadcast up"));
        }
        return events;
    }

    private EventDescriptor event(long secondsAgo, String group, String kind, int node, String text) {
        return new EventDescriptor(
                time.minusSeconds(secondsAgo),
                "default",
                group,
                kind,
                Scene.name(node),
                Scene.address(node),
                Scene.name(node) + " (" + Scene.address(node) + ")" + text);
    }
}
