package io.camure.interop;

import static io.camure.test.support.Background.async;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CollectiveConfig;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.GroupIdRequiredException;
import io.camure.Member;
import io.camure.MembershipConfig;
import io.camure.RoundBrokenException;
import io.camure.UnsupportedGroupException;
import io.camure.ValueCodec;
import io.camure.interop.EarlierBuild.EarlierNode;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An earlier build of camure and this one share a session, so the wire is still the same. */
class EarlierBuildTest {

    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final int ROUNDS = 200;
    private static final int MESSAGES = 40;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Random random = new Random(1);
    private EarlierBuild earlier;
    private Member member;
    private EarlierNode earlierMember;

    @BeforeEach
    void load() {
        earlier = closeLater(new EarlierBuild());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void anEarlierCoordinatorServesMembersOfBothBuilds() throws Exception {
        EarlierNode coordinator = closeLater(earlier.startCoordinator(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ScriptedCoordinator.unusedMulticastAddress()));
        EarlierNode barrier = coordinator.createBarrier(BARRIER, 2);
        EarlierNode broadcast = coordinator.createBroadcast(BROADCAST, 2);
        joinBoth(coordinator.address());

        meet(() -> barrier.await(LONG), barrier::reset);
        deliver(broadcast::send, () -> broadcast.flush(LONG));
    }

    @Test
    void anEarlierCoordinatorTakesAGroupByItsIdAndIsNotAskedByTheName() throws Exception {
        EarlierNode coordinator = closeLater(earlier.startCoordinator(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ScriptedCoordinator.unusedMulticastAddress()));
        coordinator.createBarrier(BARRIER, 1);
        MembershipConfig prices = MembershipConfig.builder().name("prices").build();
        member = closeLater(Member.join(coordinator.address()));

        assertThatThrownBy(() -> member.joinBarrier(prices, LONG))
                .isInstanceOf(GroupIdRequiredException.class)
                .hasMessageContaining("tell the id of barrier prices");
        assertThat(member.joinBarrier(prices.toBuilder().id(BARRIER).build(), LONG)
                        .isOpen())
                .isTrue();
    }

    /** Which would drop the request as one that can't be read, so that the member waited in vain. */
    @Test
    void anEarlierCoordinatorIsNotAskedForACollective() throws Exception {
        EarlierNode coordinator = closeLater(earlier.startCoordinator(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ScriptedCoordinator.unusedMulticastAddress()));
        member = closeLater(Member.join(coordinator.address()));
        MembershipConfig group =
                MembershipConfig.builder().id(7).name("progress").build();

        assertThatThrownBy(() -> member.joinCollective(
                        group, CollectiveConfig.builder(ValueCodec.longs()).build(), LONG))
                .isInstanceOf(UnsupportedGroupException.class)
                .hasMessageContainingAll("collective progress", "Update it first");
        assertThat(member.groups()).isEmpty();
    }

    @Test
    void anEarlierMemberIsToldThatACollectiveIsNoBarrier() throws Exception {
        Coordinator coordinator = closeLater(Sessions.coordinator());
        coordinator.createCollective(
                GroupConfig.builder().id(BARRIER).build(),
                CollectiveConfig.builder(ValueCodec.longs()).build());
        earlierMember = closeLater(earlier.join(coordinator.address()));

        assertThatThrownBy(() -> earlierMember.joinBarrier(BARRIER)).hasMessageContaining("other type");
    }

    @Test
    void aCoordinatorServesMembersOfBothBuilds() throws Exception {
        Coordinator coordinator = closeLater(Sessions.coordinator());
        CoordinatorBarrier barrier = coordinator.createBarrier(
                GroupConfig.builder().id(BARRIER).expectedMembers(2).build());
        BroadcastGroup broadcast = coordinator.createBroadcast(
                GroupConfig.builder().id(BROADCAST).expectedMembers(2).build());
        joinBoth(coordinator.address());

        meet(() -> barrier.await(LONG).number(), barrier::reset);
        deliver(broadcast::send, () -> broadcast.flush(LONG));
    }

    private void joinBoth(InetSocketAddress coordinator) throws Exception {
        member = closeLater(Member.join(coordinator));
        earlierMember = closeLater(earlier.join(coordinator));
    }

    private void meet(Callable<Long> awaitAtCoordinator, Action reset) throws Exception {
        Barrier barrier = member.joinBarrier(BARRIER);
        EarlierNode earlierBarrier = earlierMember.joinBarrier(BARRIER);
        for (int i = 0; i < ROUNDS; i++) {
            CompletableFuture<Long> first = async(() -> barrier.await(LONG).number());
            CompletableFuture<Long> second = async(() -> earlierBarrier.await(LONG));
            long round = awaitAtCoordinator.call();
            assertThat(result(first)).isEqualTo(round);
            assertThat(result(second)).isEqualTo(round);
        }

        CompletableFuture<?> broken = async(() -> barrier.await(LONG));
        CompletableFuture<?> alsoBroken = async(() -> earlierBarrier.await(LONG));
        while (!broken.isDone() || !alsoBroken.isDone()) {
            reset.run();
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> result(broken)).hasCauseInstanceOf(RoundBrokenException.class);
        assertThatThrownBy(() -> result(alsoBroken)).hasMessageContaining("RoundBrokenException");
    }

    private void deliver(Send send, Action flush) throws Exception {
        BroadcastReceiver receiver = member.joinBroadcast(BROADCAST);
        EarlierNode earlierReceiver = earlierMember.joinBroadcast(BROADCAST);
        List<byte[]> messages = messages();
        CompletableFuture<List<byte[]>> received =
                async(() -> receive(() -> receiver.receive(LONG).orElseThrow().bytes()));
        CompletableFuture<List<byte[]>> alsoReceived = async(() -> receive(() -> earlierReceiver.receive(LONG)));
        for (byte[] message : messages) {
            send.send(message);
        }
        flush.run();
        assertThat(result(received)).containsExactlyElementsOf(messages);
        assertThat(result(alsoReceived)).containsExactlyElementsOf(messages);
    }

    /** From nothing to many chunks. */
    private List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = new byte[i * i * 100];
            random.nextBytes(message);
            messages.add(message);
        }
        return messages;
    }

    private static List<byte[]> receive(Callable<byte[]> next) throws Exception {
        List<byte[]> received = new ArrayList<>();
        while (received.size() < MESSAGES) {
            received.add(next.call());
        }
        return received;
    }

    private static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        opened.add(0, closeable);
        return closeable;
    }

    private interface Action {

        void run() throws Exception;
    }

    private interface Send {

        void send(byte[] message) throws Exception;
    }
}
