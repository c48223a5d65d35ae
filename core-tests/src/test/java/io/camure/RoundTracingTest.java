package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application's tracing is asked and told of rounds. */
class RoundTracingTest {

    private static final byte[] OF_ROUND = context(99);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static byte[] context(int value) {
        byte[] context = new byte[RoundTracing.CONTEXT_BYTES];
        Arrays.fill(context, (byte) value);
        return context;
    }

    private record Ended(byte @Nullable [] round, @Nullable Throwable failure) {}

    /** Each wait at the node is in the same trace, or in none. */
    private static class Tracing implements RoundTracing {
        private final byte @Nullable [] context;
        final List<Ended> ended = new CopyOnWriteArrayList<>();
        final List<Completion> completed = new CopyOnWriteArrayList<>();
        final List<String> endedBy = new CopyOnWriteArrayList<>();

        Tracing(byte @Nullable [] context) {
            this.context = context;
        }

        @Override
        public @Nullable Wait onWait() {
            byte[] own = context;
            return own == null
                    ? null
                    : new Wait() {
                        @Override
                        public byte[] context() {
                            return own;
                        }

                        @Override
                        public void onEnd(byte @Nullable [] round, @Nullable Throwable failure) {
                            ended.add(new Ended(round, failure));
                        }
                    };
        }

        @Override
        public @Nullable Passage onComplete(Completion round) {
            completed.add(round);
            return new Passage() {
                @Override
                public byte[] context() {
                    return OF_ROUND;
                }

                @Override
                public void end() {
                    endedBy.add(Thread.currentThread().getName());
                }
            };
        }
    }

    private CoordinatorBarrier barrier(Coordinator coordinator, RoundTracing tracing) {
        return coordinator.createBarrier(
                GROUP.toBuilder().expectedMembers(1).roundTracing(tracing).build());
    }

    private Barrier member(Coordinator coordinator, CoordinatorBarrier barrier, RoundTracing tracing) throws Exception {
        MembershipConfig config = MembershipConfig.builder()
                .id(barrier.id())
                .timeout(LONG)
                .roundTracing(tracing)
                .build();
        return loopback.member(coordinator).joinBarrier(config, LONG);
    }

    @Test
    void waitsTellTheirTracesAndLearnWhatStandsForTheRound() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Tracing atCoordinator = new Tracing(context(1));
        Tracing atMember = new Tracing(context(2));
        CoordinatorBarrier barrier = barrier(coordinator, atCoordinator);
        Barrier joined = member(coordinator, barrier, atMember);
        Background<Round> waiting = Background.run(() -> barrier.await(LONG));
        await().atMost(LONG).until(() -> barrier.progress().coordinatorArrived());
        Round round = joined.await();
        waiting.result();

        assertThat(atCoordinator.completed).singleElement().satisfies(completed -> {
            assertThat(completed.number()).isEqualTo(round.number());
            assertThat(completed.participants()).isEqualTo(2);
            assertThat(completed.duration()).isPositive();
            assertThat(completed.last().name()).startsWith("member");
            assertThat(completed.contexts()).containsExactly(context(1), context(2));
        });
        assertThat(atMember.ended)
                .containsExactly(new Ended(atMember.ended.get(0).round(), null));
        assertThat(atMember.ended.get(0).round()).isEqualTo(OF_ROUND);
        assertThat(atCoordinator.ended.get(0).round()).isEqualTo(OF_ROUND);
        await().atMost(LONG).until(() -> atCoordinator.endedBy.size() == 1);
        assertThat(atCoordinator.endedBy.get(0)).as("the thread of listeners").contains("events");
    }

    @Test
    void futuresToo() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Tracing tracing = new Tracing(context(1));
        Tracing atMember = new Tracing(null);
        CoordinatorBarrier barrier = barrier(coordinator, tracing);
        Barrier joined = member(coordinator, barrier, atMember);
        CompletableFuture<Round> future = barrier.awaitAsync();
        joined.await();
        future.get();
        await().atMost(LONG).until(() -> tracing.ended.size() == 1);

        assertThat(tracing.ended.get(0).round()).isEqualTo(OF_ROUND);
        assertThat(atMember.ended).as("a wait in no trace").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void callsOfACollectiveToo(int length) throws Exception {
        CollectiveConfig<byte[]> values =
                CollectiveConfig.builder(ValueCodec.bytes()).build();
        Coordinator coordinator = loopback.coordinator();
        Tracing atCoordinator = new Tracing(null);
        Tracing atMember = new Tracing(context(2));
        CoordinatorCollective<byte[]> collective = coordinator.createCollective(
                GROUP.toBuilder().roundTracing(atCoordinator).build(), values);
        MembershipConfig config = MembershipConfig.builder()
                .id(collective.id())
                .timeout(LONG)
                .roundTracing(atMember)
                .build();
        Collective<byte[]> joined = loopback.member(coordinator).joinCollective(config, values, LONG);
        CompletableFuture<Outcome<List<byte[]>>> future = collective.allGatherAsync(new byte[length]);
        assertThat(joined.allGather(new byte[length]).value()).hasSize(2);
        future.get();

        assertThat(atCoordinator.completed)
                .singleElement()
                .satisfies(completed -> assertThat(completed.contexts()).containsExactly(context(2)));
        assertThat(atMember.ended)
                .singleElement()
                .satisfies(end -> assertThat(end.round()).isEqualTo(OF_ROUND));
    }

    @Test
    void aWaitThatFailsTellsWhy() throws Exception {
        Tracing tracing = new Tracing(context(1));
        CoordinatorBarrier barrier = barrier(loopback.coordinator(), tracing);
        assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(() -> barrier.await(Duration.ofMillis(1)));
        CompletableFuture<Round> future = barrier.awaitAsync(Duration.ofMillis(1));
        await().atMost(LONG).until(() -> tracing.ended.size() == 2);

        assertThat(future).isCompletedExceptionally();
        assertThat(tracing.ended).allSatisfy(end -> {
            assertThat(end.round()).isNull();
            assertThat(end.failure()).isInstanceOf(RoundTimeoutException.class);
        });
    }

    /** Or what it gives is no context. */
    @Test
    void tracingThatFailsIsNoFailureOfARound() throws Exception {
        RoundTracing failing = new Tracing(new byte[1]) {
            @Override
            public Passage onComplete(Completion round) {
                throw new IllegalStateException("on purpose");
            }
        };
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = barrier(coordinator, failing);
        Tracing atMember = new Tracing(context(2));
        Barrier joined = member(coordinator, barrier, atMember);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Round> future = barrier.awaitAsync();
            assertThat(joined.await().size()).isEqualTo(2);
            assertThat(future.get().size()).isEqualTo(2);
        }

        assertThat(atMember.ended)
                .hasSize(3)
                .allSatisfy(end -> assertThat(end.round()).isNull());
    }

    /** The tracing of the coordinator alone knows of rounds, whether its own waits are in a trace or not. */
    @Test
    void withoutTracingAtTheCoordinatorNothingStandsForTheRound() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier =
                coordinator.createBarrier(GROUP.toBuilder().expectedMembers(1).build());
        Tracing atMember = new Tracing(context(2));
        Barrier joined = member(coordinator, barrier, atMember);
        CompletableFuture<Round> future = barrier.awaitAsync();
        joined.await();
        future.get();

        assertThat(atMember.ended).singleElement().isEqualTo(new Ended(null, null));
    }
}
