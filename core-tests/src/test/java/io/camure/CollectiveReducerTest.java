package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of values where code of users makes the result: a reducer, an action, a codec. */
class CollectiveReducerTest extends CollectiveScenario {

    /** Completed when a slow reducer has begun. */
    private final CompletableFuture<Void> reducing = new CompletableFuture<>();

    @Test
    void theApplicationsReducerAndActionRunAtTheCoordinatorAlone() throws Exception {
        List<String> ran = new ArrayList<>();
        CollectiveConfig<String> config = CollectiveConfig.builder(ValueCodec.strings())
                .reducer(Reducer.of("longest", (a, b) -> {
                    ran.add(a + "+" + b);
                    return b.length() > a.length() ? b : a;
                }))
                .action(longest -> {
                    ran.add("action");
                    return longest + "!";
                })
                .build();
        List<Collective<String>> nodes = collectives(config);

        assertThat(values(nodes, (node, rank) -> node.allReduceAsync("x".repeat(rank + 1))))
                .containsOnly("xxx!");
        assertThat(ran).containsExactly("x+xx", "xx+xxx", "action");
        assertThat(values(nodes, (node, rank) -> node.reduceScatterAsync(List.of("a", "b" + "c".repeat(rank), ""))))
                .containsExactly("a", "bcc", "");
    }

    @Test
    void anActionFollowsABuiltInReducer() throws Exception {
        List<Collective<Long>> nodes = collectives(CollectiveConfig.builder(ValueCodec.longs())
                .reducer(Reducer.max())
                .action(most -> most * 2)
                .build());

        assertThat(values(nodes, (node, rank) -> node.allReduceAsync((long) rank)))
                .containsOnly(4L);
    }

    @Test
    void whatAReducerThrowsBreaksTheRoundForAll() throws Exception {
        List<Collective<Long>> nodes = collectives(CollectiveConfig.builder(ValueCodec.longs())
                .reducer(Reducer.<Long>of("picky", (a, b) -> {
                    throw new IllegalArgumentException("odd value");
                }))
                .build());

        assertThat(failures(nodes, (node, rank) -> node.allReduceAsync(1L)))
                .allSatisfy(failure -> assertFailed(failure, "the reducer picky has failed", "odd value"));
        assertThat(values(nodes, (node, rank) -> node.agreeAsync(true))).containsOnly(true);
    }

    @Test
    void aValueThatCantBeDecodedBreaksTheRoundForAll() throws Exception {
        ValueCodec<Long> broken = new ValueCodec<>() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public byte[] encode(Long value) {
                return new byte[0];
            }

            @Override
            public Long decode(byte[] encoded) {
                throw new IllegalArgumentException("nothing there");
            }
        };
        List<Collective<Long>> nodes = collectives(CollectiveConfig.builder(broken)
                .reducer(Reducer.of("first", (a, b) -> a))
                .build());

        assertThat(failures(nodes, (node, rank) -> node.allReduceAsync(1L)))
                .allSatisfy(failure -> assertFailed(failure, "the value of hub", "can't be decoded", "nothing there"));
    }

    @Test
    void aReducerThatDoesNotReturnBreaksTheRoundForAll() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        GroupConfig group = GROUP.toBuilder().timeout(SHORT).build();
        List<Collective<Long>> nodes = collectives(
                group,
                CollectiveConfig.builder(ValueCodec.longs())
                        .reducer(Reducer.<Long>of("stuck", (a, b) -> {
                            never.join();
                            return a;
                        }))
                        .build());
        try {
            assertThat(failures(nodes, (node, rank) -> node.allReduceAsync(1L, LONG)))
                    .allSatisfy(failure -> assertFailed(failure, "within 200ms"));
            assertThat(values(nodes, (node, rank) -> node.agreeAsync(true, LONG)))
                    .containsOnly(true);
        } finally {
            never.complete(null);
        }
    }

    @Test
    void reducersOfOtherNamesDoNotMatch() throws Exception {
        CoordinatorCollective<Long> atCoordinator = coordinator.createCollective(GROUP, SUM);
        Collective<Long> joined = join(
                members.get(0),
                atCoordinator.id(),
                CollectiveConfig.builder(ValueCodec.longs())
                        .reducer(Reducer.min())
                        .build());

        List<Throwable> failures = failures(List.of(atCoordinator, joined), (node, rank) -> node.allReduceAsync(1L));

        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(CollectiveMismatchException.class)
                        .hasMessageContainingAll(
                                "allReduce(sum of long) by hub", "allReduce(min of long) by member-0"));
    }

    private CollectiveConfig<Long> slowSum(CompletableFuture<Void> end) {
        return CollectiveConfig.builder(ValueCodec.longs())
                .reducer(Reducer.<Long>of("slow", (a, b) -> {
                    reducing.complete(null);
                    end.join();
                    return a + b;
                }))
                .build();
    }

    @Test
    void closingWhileTheResultIsComputedEndsTheCall() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        List<Collective<Long>> nodes = collectives(slowSum(end));
        List<CompletableFuture<Outcome<Long>>> calls =
                nodes.stream().map(node -> node.allReduceAsync(1L)).toList();
        reducing.join();
        nodes.get(0).close();
        end.complete(null);

        assertThat(calls).allSatisfy(call -> assertThat(failure(call)).isInstanceOf(DisconnectedException.class));
    }

    @Test
    void whoLeavesWhileTheResultIsComputedCounts() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        List<Collective<Long>> nodes = collectives(slowSum(end));
        List<CompletableFuture<Outcome<Long>>> calls =
                nodes.stream().map(node -> node.allReduceAsync(1L)).toList();
        reducing.join();
        nodes.get(2).close();
        end.complete(null);

        assertThat(calls.get(0).join().value()).isEqualTo(3);
        assertThat(calls.get(1).join().round().size()).isEqualTo(3);
    }
}
