package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.CollectiveContributions.Given;
import io.camure.test.support.Loopback;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the coordinator tells of what the nodes have given. */
class CollectiveContributionsTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private Coordinator coordinator;
    private Member member;

    @BeforeEach
    void startSession() throws InterruptedException {
        coordinator = loopback.coordinator(CoordinatorConfig.builder().name("hub"));
        member = loopback.members(coordinator, 1).get(0);
    }

    private <T> Collective<T> join(CoordinatorCollective<T> group, CollectiveConfig<T> config)
            throws InterruptedException {
        return member.joinCollective(
                MembershipConfig.builder().id(group.id()).timeout(LONG).build(), config, LONG);
    }

    private static <T, V> void round(
            List<? extends Collective<T>> nodes, Function<Collective<T>, CompletableFuture<Outcome<V>>> call) {
        nodes.stream().map(call).toList().forEach(CompletableFuture::join);
    }

    private static CollectiveContributions given(CoordinatorCollective<?> group) {
        return group.contributions().orElseThrow();
    }

    @Test
    void whoHasGivenWhatIsKeptOnceItWasAskedFor() throws Exception {
        CollectiveConfig<Long> config = CollectiveConfig.builder(ValueCodec.longs())
                .reducer(Reducer.sum())
                .build();
        CoordinatorCollective<Long> here = coordinator.createCollective(GROUP, config);
        Collective<Long> there = join(here, config);
        List<Collective<Long>> nodes = List.of(here, there);

        round(nodes, node -> node.allReduceAsync(1L));
        assertThat(here.contributions()).isEmpty();

        round(nodes, node -> node.allReduceAsync(node == here ? 5L : 7L));
        assertThat(given(here).round()).isEqualTo(1);
        assertThat(given(here).operation()).isEqualTo("allReduce");
        assertThat(given(here).given()).extracting(Given::value).containsExactly(5L, 7L);
        assertThat(given(here).given()).extracting(each -> each.node().name()).containsExactly("hub", "member-0");

        round(nodes, node -> node.agreeAsync(node == here));
        assertThat(given(here).operation()).isEqualTo("agree");
        assertThat(given(here).given()).extracting(Given::value).containsExactly(true, false);

        round(nodes, node -> node.reduceScatterAsync(List.of(1L, 2L)));
        assertThat(given(here).given()).extracting(Given::value).containsExactly(List.of(1L, 2L), List.of(1L, 2L));

        round(nodes, node -> node.broadcastAsync(1, node == here ? null : 9L));
        assertThat(given(here).given()).extracting(Given::value).containsExactly(null, 9L);
    }

    @Test
    void ofALongValueOnlyTheLengthIsKept() throws Exception {
        CollectiveConfig<byte[]> config =
                CollectiveConfig.builder(ValueCodec.bytes()).build();
        CoordinatorCollective<byte[]> here = coordinator.createCollective(GROUP, config);
        Collective<byte[]> there = join(here, config);
        assertThat(here.contributions()).isEmpty();

        round(
                List.of(here, there),
                node -> node.allGatherAsync(new byte[CollectiveContributions.LONGEST_BYTES + (node == here ? 0 : 1)]));

        assertThat(given(here).given()).extracting(Given::bytes).containsExactly(1024, 1025);
        assertThat(given(here).given().get(0).value()).isEqualTo(new byte[1024]);
        assertThat(given(here).given().get(1).value()).isNull();
    }

    @Test
    void whatWasGivenIsKnownOfARoundWhoseReducerHasFailed() throws Exception {
        CollectiveConfig<Long> config = CollectiveConfig.builder(ValueCodec.longs())
                .reducer(Reducer.of("picky", (one, other) -> {
                    throw new IllegalArgumentException("refused");
                }))
                .build();
        CoordinatorCollective<Long> here = coordinator.createCollective(GROUP, config);
        Collective<Long> there = join(here, config);
        assertThat(here.contributions()).isEmpty();

        CompletableFuture<Outcome<Long>> atMember = there.allReduceAsync(7L);
        assertThatExceptionOfType(RoundBrokenException.class).isThrownBy(() -> here.allReduce(5L, LONG));

        assertThat(given(here).round()).isZero();
        assertThat(given(here).given()).extracting(Given::value).containsExactly(5L, 7L);
        assertThat(atMember).failsWithin(LONG);
    }
}
