package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.camure.test.support.Background;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes get when they all give something. */
class CollectiveTest extends CollectiveScenario {

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
