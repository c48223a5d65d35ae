package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A coordinator and two members that call collectives, for tests of those. */
abstract class CollectiveScenario {

    static final CollectiveConfig<Long> SUM =
            CollectiveConfig.builder(ValueCodec.longs()).reducer(Reducer.sum()).build();
    static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    Coordinator coordinator;

    final List<Member> members = new ArrayList<>();

    @BeforeEach
    void startSession() throws InterruptedException {
        coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name("hub").legacyLinger(Duration.ZERO));
        members.addAll(loopback.members(coordinator, 2));
    }

    /** The collective at all nodes, by the order of their ranks. */
    <T> List<Collective<T>> collectives(CollectiveConfig<T> config) throws InterruptedException {
        return collectives(GROUP, config);
    }

    <T> List<Collective<T>> collectives(GroupConfig group, CollectiveConfig<T> config) throws InterruptedException {
        List<Collective<T>> all = new ArrayList<>();
        CoordinatorCollective<T> atCoordinator = coordinator.createCollective(group, config);
        all.add(atCoordinator);
        for (Member member : members) {
            all.add(join(member, atCoordinator.id(), config));
        }
        return all;
    }

    static <T> Collective<T> join(Member member, int id, CollectiveConfig<T> config) throws InterruptedException {
        return member.joinCollective(
                MembershipConfig.builder().id(id).timeout(LONG).build(), config, LONG);
    }

    interface Call<T, V> {

        CompletableFuture<Outcome<V>> make(Collective<T> node, int rank);
    }

    /** Has all nodes call, the last one first, and gives back what they get, by their ranks. */
    static <T, V> List<Outcome<V>> round(List<Collective<T>> nodes, Call<T, V> call) {
        List<CompletableFuture<Outcome<V>>> begun = new ArrayList<>();
        for (int rank = nodes.size() - 1; rank >= 0; rank--) {
            begun.add(0, call.make(nodes.get(rank), rank));
        }
        return begun.stream().map(CompletableFuture::join).toList();
    }

    static <T, V> List<V> values(List<Collective<T>> nodes, Call<T, V> call) {
        return round(nodes, call).stream().map(Outcome::value).toList();
    }

    static Throwable failure(CompletableFuture<?> future) {
        await().atMost(LONG).until(future::isDone);
        try {
            throw new AssertionError("no failure but " + future.join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    static <T, V> List<Throwable> failures(List<Collective<T>> nodes, Call<T, V> call) {
        List<CompletableFuture<Outcome<V>>> begun = new ArrayList<>();
        for (int rank = 0; rank < nodes.size(); rank++) {
            begun.add(call.make(nodes.get(rank), rank));
        }
        return begun.stream().map(CollectiveScenario::failure).toList();
    }

    static void assertFailed(Throwable failure, String... why) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RoundBrokenException.class,
                        broken -> assertThat(broken.reason()).isEqualTo(RoundBrokenException.Reason.FAILED))
                .hasMessageContainingAll(why);
    }
}
