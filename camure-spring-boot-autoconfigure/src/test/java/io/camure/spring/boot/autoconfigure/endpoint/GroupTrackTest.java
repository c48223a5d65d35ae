package io.camure.spring.boot.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.camure.Node;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.NodeHistoryDescriptor;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupSample.NodeShare;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of a group's past, and that it is bounded. */
class GroupTrackTest {

    private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

    private static Node node(int number) {
        return new Node("node-" + number, new InetSocketAddress("10.0.0.1", 1000 + number), number);
    }

    private static GroupSample sample(long rounds, int nodes, IntToLongFunction timesLast) {
        return new GroupSample(
                Map.of("rounds", rounds),
                Map.of("windowChunks", rounds % 7),
                Map.of("medianMicros", 100 + rounds),
                IntStream.range(0, nodes)
                        .mapToObj(node -> {
                            long times = timesLast.applyAsLong(node);
                            return new NodeShare(node(node), times, times * (node + 1), 90L);
                        })
                        .toList(),
                List.of());
    }

    private static GroupHistoryDescriptor describe(GroupTrack track) {
        return track.describe("start-line", "default");
    }

    @Test
    void countsAreTurnedIntoRatesAndHighestValuesAreKept() {
        GroupTrack track = new GroupTrack(sample(0, 0, node -> 0), START);
        for (int second = 1; second <= 10; second++) {
            track.add(sample(20L * second, 0, node -> 0), START.plusSeconds(second));
        }
        GroupHistoryDescriptor past = describe(track);
        assertThat(past.times())
                .containsExactly(
                        START.plusSeconds(5).toEpochMilli(),
                        START.plusSeconds(10).toEpochMilli());
        assertThat(past.series().get("rounds")).containsExactly(20.0, 20.0);
        assertThat(past.series().get("medianMicros")).containsExactly(200.0, 300.0);
        assertThat(past.series().get("windowChunks")).containsExactly(6.0, 6.0);
    }

    @Test
    void howLongRoundsTakeIsNotToldWhileNoneEnds() {
        GroupTrack track = new GroupTrack(sample(5, 0, node -> 0), START);
        for (int second = 1; second <= 5; second++) {
            track.add(sample(5, 0, node -> 0), START.plusSeconds(second));
        }
        assertThat(describe(track).series()).containsOnlyKeys("rounds", "windowChunks");
    }

    @Test
    void thePointOfNowIsThereBeforeItIsFull() {
        GroupTrack track = new GroupTrack(sample(0, 0, node -> 0), START);
        track.add(sample(30, 0, node -> 0), START.plusSeconds(1));
        assertThat(describe(track).series().get("rounds")).containsExactly(30.0);
    }

    @Test
    void nodesAreCountedForFifteenMinutesTheWorstFirst() {
        GroupTrack track = new GroupTrack(sample(0, 3, node -> 0), START);
        for (int second = 1; second <= 20 * 60; second++) {
            // In the first minutes it was node 2, later node 1.
            long ofTwo = Math.min(second, 300);
            long ofOne = Math.max(0, second - 300);
            track.add(sample(second, 3, node -> node == 2 ? ofTwo : node == 1 ? ofOne : 0), START.plusSeconds(second));
        }
        assertThat(describe(track).nodes())
                .extracting(
                        NodeHistoryDescriptor::name, NodeHistoryDescriptor::timesLast, NodeHistoryDescriptor::present)
                .containsExactly(tuple("node-1", 900L, true), tuple("node-0", 0L, true), tuple("node-2", 0L, true));
    }

    @Test
    void whoIsGoneIsToldForWhatItDid() {
        GroupTrack track = new GroupTrack(sample(0, 2, node -> 0), START);
        track.add(sample(9, 2, node -> node == 1 ? 9 : 0), START.plusSeconds(1));
        track.add(sample(9, 1, node -> 0), START.plusSeconds(7));
        NodeHistoryDescriptor worst = describe(track).nodes().get(0);
        assertThat(worst.name()).isEqualTo("node-1");
        assertThat(worst.timesLast()).isEqualTo(9);
        assertThat(worst.present()).isFalse();
    }

    @Test
    void aMembershipThatBeginsAnewIsCountedFromZero() {
        GroupTrack track = new GroupTrack(sample(0, 1, node -> 50), START);
        track.add(sample(3, 1, node -> 3), START.plusSeconds(1));
        assertThat(describe(track).nodes().get(0).timesLast()).isEqualTo(3);
    }

    @Test
    void itIsBoundedHoweverLongAndManyItIs() {
        GroupTrack track = new GroupTrack(sample(0, 0, node -> 0), START);
        for (int second = 1; second <= 3600; second++) {
            long times = second;
            // Each second other nodes come, are last once, and go.
            int first = second * 100;
            GroupSample sample = new GroupSample(
                    Map.of("rounds", times),
                    Map.of(),
                    Map.of(),
                    IntStream.range(first, first + 100)
                            .mapToObj(node -> new NodeShare(node(node % 60_000), 1, node, null))
                            .toList(),
                    List.of());
            track.add(sample, START.plusSeconds(second));
        }
        GroupHistoryDescriptor past = describe(track);
        assertThat(past.times()).hasSize(GroupTrack.POINTS);
        assertThat(past.series().get("rounds")).hasSize(GroupTrack.POINTS);
        assertThat(past.nodes()).hasSizeLessThanOrEqualTo(GroupTrack.POINTS * GroupTrack.NODES_OF_A_POINT + 100);
    }

    @Test
    void aClockThatIsSetBackDoesNoHarm() {
        GroupTrack track = new GroupTrack(sample(0, 0, node -> 0), START);
        track.add(sample(10, 0, node -> 0), START.plusSeconds(1));
        track.add(sample(20, 0, node -> 0), START.minusSeconds(3600));
        assertThat(describe(track).series().get("rounds"))
                .allSatisfy(rate -> assertThat(rate).isFinite());
    }
}
