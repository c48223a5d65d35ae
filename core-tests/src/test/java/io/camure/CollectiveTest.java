package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes get when they all give something. */
class CollectiveTest {

    private static final CollectiveConfig<Long> SUM =
            CollectiveConfig.builder(ValueCodec.longs()).reducer(Reducer.sum()).build();
    private static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;
    private final List<Member> members = new ArrayList<>();

    /** Completed when a slow reducer has begun. */
    private final CompletableFuture<Void> reducing = new CompletableFuture<>();

    @BeforeEach
    void startSession() throws InterruptedException {
        coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name("hub").legacyLinger(Duration.ZERO));
        members.addAll(loopback.members(coordinator, 2));
    }

    /** The collective at all nodes, by the order of their ranks. */
    private <T> List<Collective<T>> collectives(CollectiveConfig<T> config) throws InterruptedException {
        return collectives(GROUP, config);
    }

    private <T> List<Collective<T>> collectives(GroupConfig group, CollectiveConfig<T> config)
            throws InterruptedException {
        List<Collective<T>> all = new ArrayList<>();
        CoordinatorCollective<T> atCoordinator = coordinator.createCollective(group, config);
        all.add(atCoordinator);
        for (Member member : members) {
            all.add(join(member, atCoordinator.id(), config));
        }
        return all;
    }

    private static <T> Collective<T> join(Member member, int id, CollectiveConfig<T> config)
            throws InterruptedException {
        return member.joinCollective(
                MembershipConfig.builder().id(id).timeout(LONG).build(), config, LONG);
    }

    private interface Call<T, V> {

        CompletableFuture<Outcome<V>> make(Collective<T> node, int rank);
    }

    /** Has all nodes call, the last one first, and gives back what they get, by their ranks. */
    private static <T, V> List<Outcome<V>> round(List<Collective<T>> nodes, Call<T, V> call) {
        List<CompletableFuture<Outcome<V>>> begun = new ArrayList<>();
        for (int rank = nodes.size() - 1; rank >= 0; rank--) {
            begun.add(0, call.make(nodes.get(rank), rank));
        }
        return begun.stream().map(CompletableFuture::join).toList();
    }

    private static <T, V> List<V> values(List<Collective<T>> nodes, Call<T, V> call) {
        return round(nodes, call).stream().map(Outcome::value).toList();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        await().atMost(LONG).until(future::isDone);
        try {
            throw new AssertionError("no failure but " + future.join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static <T, V> List<Throwable> failures(List<Collective<T>> nodes, Call<T, V> call) {
        List<CompletableFuture<Outcome<V>>> begun = new ArrayList<>();
        for (int rank = 0; rank < nodes.size(); rank++) {
            begun.add(call.make(nodes.get(rank), rank));
        }
        return begun.stream().map(CollectiveTest::failure).toList();
    }

    @Test
    void allGetTheSameSumAndKnowWhoTookPart() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);
        for (long number = 0; number < 20; number++) {
            List<Outcome<Long>> outcomes = round(nodes, (node, rank) -> node.allReduceAsync(10L + rank));

            assertThat(outcomes).extracting(Outcome::value).containsOnly(33L);
            for (int rank = 0; rank < nodes.size(); rank++) {
                Round round = outcomes.get(rank).round();
                assertThat(round.number()).isEqualTo(number);
                assertThat(round.size()).isEqualTo(3);
                assertThat(round.rank()).isEqualTo(rank);
                assertThat(round.participants())
                        .isEqualTo(outcomes.get(0).round().participants())
                        .extracting(Node::name)
                        .containsExactly("hub", "member-0", "member-1");
            }
        }
        assertThat(((CoordinatorCollective<Long>) nodes.get(0)).progress().number())
                .isEqualTo(20);
    }

    @Test
    void callersWaitForTheOthers() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);
        Background<Outcome<Long>> first = Background.run(() -> nodes.get(1).allReduce(1L));
        Background<Outcome<Long>> second = Background.run(() -> nodes.get(2).allReduce(2L, LONG));
        first.awaitBlocked();
        second.awaitBlocked();

        assertThat(nodes.get(0).allReduce(3L, LONG).value()).isEqualTo(6);
        assertThat(first.result().value()).isEqualTo(6);
        assertThat(second.result().value()).isEqualTo(6);
    }

    @Test
    void aValueMayBeAsLongAsItsMaximumAndNotLonger() throws Exception {
        List<Collective<byte[]>> nodes = collectives(CollectiveConfig.builder(ValueCodec.bytes())
                .reducer(Reducer.concat())
                .build());
        for (int length : new int[] {100, 5000, 1 << 20, 65_536, 10}) {
            byte[] all = new byte[3 * length];
            for (int rank = 0; rank < 3; rank++) {
                Arrays.fill(all, rank * length, (rank + 1) * length, (byte) (rank + length));
            }
            List<byte[]> results = values(
                    nodes,
                    (node, rank) -> node.allReduceAsync(Arrays.copyOfRange(all, rank * length, (rank + 1) * length)));
            assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(all));
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> nodes.get(1).allReduce(new byte[(1 << 20) + 1]))
                .withMessageContainingAll("1048577 bytes", "1048576", "maximumValueBytes");
    }

    @Test
    void aCoordinatorThatTakesLessBreaksTheRoundForAll() throws Exception {
        CollectiveConfig<byte[]> less = CollectiveConfig.builder(ValueCodec.bytes())
                .maximumValueBytes(10_000)
                .build();
        CollectiveConfig<byte[]> more = CollectiveConfig.builder(ValueCodec.bytes())
                .maximumValueBytes(20_000)
                .build();
        CoordinatorCollective<byte[]> atCoordinator = coordinator.createCollective(GROUP, less);
        List<Collective<byte[]>> nodes = List.of(
                atCoordinator,
                join(members.get(0), atCoordinator.id(), less),
                join(members.get(1), atCoordinator.id(), more));

        assertThat(failures(nodes, (node, rank) -> node.allGatherAsync(new byte[rank == 2 ? 20_000 : 10_000])))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(RoundBrokenException.class)
                        .hasMessageContainingAll("member-1", "20000 bytes", "10000", "maximumValueBytes"));
        assertThat(values(nodes, (node, rank) -> node.allGatherAsync(new byte[10_000])))
                .allSatisfy(all -> assertThat(all).hasSize(3));
    }

    @Test
    void valuesAreGatheredByRank() throws Exception {
        List<Collective<String>> nodes =
                collectives(CollectiveConfig.builder(ValueCodec.strings()).build());

        assertThat(values(nodes, (node, rank) -> node.allGatherAsync("value " + rank)))
                .containsOnly(List.of("value 0", "value 1", "value 2"));
        assertThat(values(nodes, (node, rank) -> node.gatherAsync("")))
                .containsExactly(List.of("", "", ""), List.of(), List.of());
    }

    @Test
    void valuesAreReducedInTheOrderOfTheRanks() throws Exception {
        List<Collective<String>> nodes = collectives(CollectiveConfig.builder(ValueCodec.strings())
                .reducer(Reducer.concat())
                .build());

        assertThat(values(nodes, (node, rank) -> node.allReduceAsync("<" + rank + ">")))
                .containsOnly("<0><1><2>");
    }

    @Test
    void allLearnWhetherAllAgree() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);

        assertThat(values(nodes, (node, rank) -> node.agreeAsync(true))).containsOnly(true);
        assertThat(values(nodes, (node, rank) -> node.agreeAsync(rank != 1))).containsOnly(false);
    }

    @Test
    void allGetTheValueOfTheRoot() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);

        assertThat(values(nodes, (node, rank) -> node.broadcastAsync(2, rank == 2 ? 42L : null)))
                .containsOnly(42L);
        assertThat(failures(nodes, (node, rank) -> node.broadcastAsync(1, rank == 2 ? 42L : null)))
                .allSatisfy(failure -> assertFailed(failure, "member-0", "given no value"));
        assertThat(failures(nodes, (node, rank) -> node.broadcastAsync(3, 42L)))
                .allSatisfy(failure -> assertFailed(failure, "no participant of rank 3"));
    }

    private static void assertFailed(Throwable failure, String... why) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RoundBrokenException.class,
                        broken -> assertThat(broken.reason()).isEqualTo(RoundBrokenException.Reason.FAILED))
                .hasMessageContainingAll(why);
    }

    @Test
    void eachGetsItsPart() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);

        assertThat(values(nodes, (node, rank) -> node.scatterAsync(rank == 0 ? List.of(7L, 8L, 9L) : null)))
                .containsExactly(7L, 8L, 9L);
        assertThat(failures(nodes, (node, rank) -> node.scatterAsync(List.of(7L, 8L))))
                .allSatisfy(failure -> assertFailed(failure, "hub", "2 parts", "3 participants"));
        assertThat(values(nodes, (node, rank) -> node.reduceScatterAsync(List.of(1L, 10L * rank, 100L))))
                .containsExactly(3L, 30L, 300L);
        assertThat(failures(nodes, (node, rank) -> node.reduceScatterAsync(List.of(1L, 2L))))
                .allSatisfy(failure -> assertFailed(failure, "2 parts"));
    }

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
    void whoCallsSomethingElseBreaksTheRoundForAllAndIsNamed() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);

        List<Throwable> failures = failures(
                nodes,
                (node, rank) -> rank == 1 ? node.allGatherAsync(1L).thenApply(all -> null) : node.allReduceAsync(1L));

        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(CollectiveMismatchException.class, mismatch -> {
                            assertThat(mismatch.calls().values())
                                    .containsExactlyInAnyOrder(
                                            "allReduce(sum of long)", "allGather(long)", "allReduce(sum of long)");
                            assertThat(mismatch.calls()).anySatisfy((node, call) -> {
                                assertThat(node.name()).isEqualTo("member-0");
                                assertThat(call).isEqualTo("allGather(long)");
                            });
                            assertThat(mismatch.reason()).isEqualTo(RoundBrokenException.Reason.MISMATCH);
                        }));
        assertThat(values(nodes, (node, rank) -> node.agreeAsync(true))).containsOnly(true);
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

    @Test
    void aCoordinatorThatTakesNoPartHasNoRank() throws Exception {
        List<Collective<Long>> nodes =
                collectives(GROUP.toBuilder().coordinatorTakesPart(false).build(), SUM);
        Collective<Long> atCoordinator = nodes.remove(0);

        List<Outcome<Long>> outcomes = round(nodes, (node, rank) -> node.allReduceAsync(5L));
        assertThat(outcomes).extracting(Outcome::value).containsOnly(10L);
        assertThat(outcomes).extracting(outcome -> outcome.round().rank()).containsExactly(0, 1);
        assertThat(outcomes.get(0).round().participants())
                .extracting(Node::name)
                .containsExactly("member-0", "member-1");
        assertThat(values(nodes, (node, rank) -> node.gatherAsync((long) rank)))
                .containsExactly(List.of(0L, 1L), List.of());
        assertThatIllegalStateException()
                .isThrownBy(() -> atCoordinator.allReduce(1L))
                .withMessageContaining("takes no part");
    }

    @Test
    void whoJoinsLaterTakesPartFromItsNextRoundAndWhoLeftDoesNot() throws Exception {
        List<Collective<Long>> nodes = new ArrayList<>(collectives(SUM));
        assertThat(values(nodes, (node, rank) -> node.allReduceAsync(1L))).containsOnly(3L);
        Member late = loopback.member(coordinator, MemberConfig.builder().name("late"));
        nodes.add(join(late, nodes.get(0).id(), SUM));
        nodes.remove(1).close();

        List<Outcome<Long>> outcomes = round(nodes, (node, rank) -> node.allReduceAsync(1L));

        assertThat(outcomes).extracting(Outcome::value).containsOnly(3L);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.round().participants())
                        .extracting(Node::name)
                        .containsExactly("hub", "member-1", "late"));
    }

    @Test
    void aCallAfterATimeoutContinuesWithTheValueThatWasGivenFirst() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> nodes.get(1).allReduce(1L, SHORT));
        assertThatIllegalStateException()
                .isThrownBy(() -> nodes.get(1).agree(true))
                .withMessageContaining("allReduce(sum of long)");
        CompletableFuture<Outcome<Long>> again = nodes.get(1).allReduceAsync(100L);
        nodes.get(2).allReduceAsync(2L);

        assertThat(nodes.get(0).allReduce(3L).value()).isEqualTo(6);
        assertThat(again.join().value()).isEqualTo(6);
        assertThat(again.join().round().number()).isZero();
    }

    @Test
    void aNodeMakesOneCallAtATime() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);
        CompletableFuture<Outcome<Long>> first = nodes.get(1).allReduceAsync(1L);

        assertThatIllegalStateException()
                .isThrownBy(() -> nodes.get(1).allReduce(1L))
                .withMessageContaining("one call at a time");
        first.cancel(false);
        CompletableFuture<Outcome<Long>> second = nodes.get(1).allReduceAsync(1L);
        nodes.get(2).allReduceAsync(2L);
        nodes.get(0).allReduce(3L);

        assertThat(second.join().value()).isEqualTo(6);
    }

    @Test
    void resetEndsARoundForAll() throws Exception {
        List<Collective<Long>> nodes = collectives(SUM);
        CompletableFuture<Outcome<Long>> waiting = nodes.get(1).allReduceAsync(1L);
        CoordinatorCollective<Long> atCoordinator = (CoordinatorCollective<Long>) nodes.get(0);
        await().atMost(LONG).until(() -> atCoordinator.progress().arrived().size() == 1);
        atCoordinator.reset();

        assertThat(failure(waiting))
                .isInstanceOfSatisfying(
                        RoundBrokenException.class,
                        broken -> assertThat(broken.reason()).isEqualTo(RoundBrokenException.Reason.RESET));
    }

    @Test
    void valuesThatCantBeGivenAreRefusedAtOnce() throws Exception {
        List<Collective<byte[]>> nodes = collectives(CollectiveConfig.builder(ValueCodec.bytes())
                .maximumValueBytes(100)
                .build());

        assertThatIllegalArgumentException().isThrownBy(() -> nodes.get(1).allGather(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> nodes.get(1).allGatherAsync(new byte[101]))
                .withMessageContainingAll("101", "100");
        assertThatIllegalStateException()
                .isThrownBy(() -> nodes.get(1).allReduce(new byte[1]))
                .withMessageContaining("needs a reducer");
        assertThat(((CoordinatorCollective<byte[]>) nodes.get(0)).progress().arrived())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CollectiveConfig.builder(ValueCodec.strings())
                        .reducer(Reducer.sum())
                        .build())
                .withMessageContainingAll("sum", "string", "long");
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

    @Test
    void aBarrierIsNoCollective() throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);

        assertThatExceptionOfType(GroupTypeMismatchException.class)
                .isThrownBy(() -> join(members.get(0), barrier.id(), SUM))
                .withMessageContaining("it is a broadcast or a barrier");
        CoordinatorCollective<Long> collective = coordinator.createCollective(GROUP, SUM);
        assertThatExceptionOfType(GroupTypeMismatchException.class)
                .isThrownBy(() -> members.get(0).joinBarrier(collective.id()));
    }
}
