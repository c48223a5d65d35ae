package io.camure.spring.boot.dashboard;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CoordinatorDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.LossDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.PathDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SecurityDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.StatisticsDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an application tells that is in some state: a coordinator with a barrier and a broadcast, of which node-2 is mostly last, or a
 * member that has lost its coordinator.
 */
final class Scene {

    static final String OWN = "10.0.3.1:7400";

    private static final LossDescriptor LOSS = new LossDescriptor(
            "the coordinator was silent for 5s", Instant.now().minusSeconds(20), null, null, null);

    private final int members;
    private final Instant time = Instant.now();
    private List<Integer> missing = List.of();
    private @Nullable Duration waiting;
    private @Nullable Integer slow;
    private int small = -1;
    private @Nullable Map<String, Object> outcome;
    private boolean writable;
    private boolean lost;
    private @Nullable Duration changed;
    private List<ListenerDescriptor> listeners = List.of();

    private Scene(int members) {
        this.members = members;
    }

    static Scene of(int members) {
        return new Scene(members);
    }

    /** Others have waited for these for so long. */
    Scene missing(Duration since, Integer... nodes) {
        waiting = since;
        missing = List.of(nodes);
        return this;
    }

    Scene slow(int node) {
        slow = node;
        return this;
    }

    /** The MTU on the way to it is smaller. */
    Scene smallPath(int node) {
        small = node;
        return this;
    }

    /** Since then orders-7f9c coordinates, in place of another node. */
    Scene changed(Duration ago) {
        changed = ago;
        return this;
    }

    /** There is a collective, too, of which this was the last round. */
    Scene collective(Map<String, Object> last) {
        outcome = new LinkedHashMap<>(last);
        return this;
    }

    Scene lost() {
        lost = true;
        return this;
    }

    Scene listener(boolean changeable) {
        listeners = List.of(new ListenerDescriptor("board", "prices", true, 3, 100, 0));
        writable = changeable;
        return this;
    }

    static String name(int node) {
        return "node-" + node;
    }

    static String address(int node) {
        return "10.0.3." + (10 + node) + ":46064";
    }

    CamureDescriptor now() {
        return new CamureDescriptor(time, writable, List.of(lost ? member() : coordinator()), listeners);
    }

    private SessionDescriptor coordinator() {
        return new SessionDescriptor(
                "default",
                "orders-7f9c",
                "coordinator",
                "open",
                "9f3c5a1e77d20b45",
                "linux",
                new SecurityDescriptor(
                        true, "aes-128-gcm", List.of("3f2a91c0"), null, 754_000L, 3L, Map.of("completed", 5L)),
                OWN,
                "239.255.74.0:7401",
                "auto",
                members,
                0,
                List.of(),
                paths(),
                null,
                null,
                statistics(),
                groups());
    }

    private SessionDescriptor member() {
        Map<String, Object> rounds = Map.of("completed", 88L, "timedOut", 0L, "failed", 1L);
        GroupDescriptor group = new GroupDescriptor(
                "start-line",
                "default",
                "member",
                "barrier",
                0,
                "lost",
                null,
                null,
                null,
                LOSS,
                Map.of("rounds", rounds));
        return new SessionDescriptor(
                "default",
                "orders-1a2b",
                "member",
                "lost",
                "77d20b459f3c5a1e",
                "nio",
                new SecurityDescriptor(false, null, null, null, null, null, null),
                address(4),
                null,
                null,
                null,
                null,
                null,
                null,
                new CoordinatorDescriptor("orders-7f9c", OWN, "9f3c5a1e77d20b45", null, null, 8_200, 180L),
                LOSS,
                statistics(),
                List.of(group));
    }

    private List<PathDescriptor> paths() {
        return IntStream.range(0, members)
                .mapToObj(node ->
                        new PathDescriptor(name(node), address(node), node == small ? 1372 : 1472, node == small))
                .toList();
    }

    private static StatisticsDescriptor statistics() {
        return new StatisticsDescriptor(52_100, 51_880, Map.of("duplicate", 3L), 4, 0, 118);
    }

    private List<MemberDescriptor> described(boolean ofBarrier) {
        return IntStream.range(0, members)
                .mapToObj(node -> new MemberDescriptor(
                        name(node),
                        address(node),
                        time.minusSeconds(5400),
                        20 + node,
                        ofBarrier
                                ? Map.of("arrived", waiting != null && !missing.contains(node))
                                : Map.of(
                                        "slow",
                                        slow != null && slow == node,
                                        "missingChunks",
                                        0,
                                        "windowChunks",
                                        slow != null && slow == node ? 1024 : 3 * node,
                                        "windowCapacity",
                                        1024)))
                .toList();
    }

    private GroupDescriptor barrier() {
        Map<String, Object> round = new LinkedHashMap<>();
        round.put("number", 1042);
        if (waiting != null) {
            round.put("waitingMillis", waiting.toMillis());
        }
        round.put("coordinatorArrived", waiting != null);
        round.put("arrived", waiting == null ? 0 : members - missing.size());
        round.put("missing", waiting == null ? members : missing.size());
        Map<String, Object> rounds = new LinkedHashMap<>(Map.of("completed", 1042L, "timedOut", 0L, "failed", 0L));
        if (members > 0) {
            rounds.put(
                    "recent",
                    Map.of("count", 128, "medianMicros", 1900L, "p99Micros", 8300L, "maximumMicros", 12_040L));
        }
        return group("barrier", 0, "start-line", true, Map.of("round", round, "rounds", rounds));
    }

    private List<GroupDescriptor> groups() {
        List<GroupDescriptor> groups = new ArrayList<>(List.of(barrier(), broadcast()));
        if (outcome != null) {
            Map<String, Object> collective =
                    new LinkedHashMap<>(Map.of("codec", "long", "reducer", "sum", "mismatches", 1));
            collective.putAll(outcome);
            groups.add(group(
                    "collective",
                    2,
                    "progress",
                    true,
                    Map.of(
                            "round", Map.of("number", 8, "coordinatorArrived", false, "arrived", 0, "missing", members),
                            "rounds", Map.of("completed", 8L, "timedOut", 0L, "failed", 1L),
                            "collective", collective)));
        }
        return groups;
    }

    private GroupDescriptor broadcast() {
        Map<String, Object> traffic = Map.of(
                "messages",
                88_012L,
                "bytes",
                7_921_080L,
                "windowChunks",
                slow == null ? 12 : 512,
                "windowCapacity",
                512);
        return group("broadcast", 1, "prices", false, Map.of("broadcast", traffic));
    }

    private GroupDescriptor group(String type, int id, String name, boolean ofBarrier, Map<String, Object> details) {
        int expected = members == 0 ? 2 : members;
        return new GroupDescriptor(
                name,
                "default",
                "coordinator",
                type,
                id,
                members == 0 ? "forming" : "open",
                expected,
                described(ofBarrier),
                members == 0 ? null : 130L,
                null,
                details);
    }

    HistoryDescriptor past() {
        return new ScenePast(time, members, slow, changed).told(lost);
    }
}
