package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls of collectives that do not go together, can't be made or are not waited for to their end. */
class CollectiveCallTest extends CollectiveScenario {

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
}
