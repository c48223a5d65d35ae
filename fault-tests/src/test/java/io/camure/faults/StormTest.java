package io.camure.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.faults.node.Node;
import io.camure.faults.node.NodeScenario;
import io.camure.faults.node.NodeScenario.Protection;
import io.camure.faults.node.ProcessMemory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 100,000 forged joins and as much sealed garbage a second, if this machine can send so many, for {@code -Dcamure.faults.storm}
 * seconds, and 10,000 handshakes by certificates a second from 256 hosts, which say no more than the first thing: the
 * coordinator keeps nothing of it and answers no more than it is sent, rounds pass, and a member gets in.
 */
@Tag("long")
@Tag("strangers")
class StormTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHORT_SECONDS = 5;
    private static final int STORM_SECONDS = Integer.getInteger("camure.faults.storm", SHORT_SECONDS);
    private static final int PER_SECOND = 100_000;
    private static final int HELLOS_PER_SECOND = 10_000;
    private static final int ROUNDS = 1000;
    private static final int WARM_UPS = 5;
    private static final long MOST_BYTES = 32 << 20;

    @ParameterizedTest
    @EnumSource(names = {"HARDENED", "SEALED", "CERTIFIED"})
    void aStormLeavesRoomForMembers(Protection protection) throws Exception {
        leavesRoom(protection, PER_SECOND, plan -> Storm.onto(plan.coordinator(), protection, PER_SECOND));
    }

    /** From hosts that can be reached, so that they get cookies, and have handshakes begin by them. */
    @Test
    void aStormOfHellosLeavesRoomForMembers() throws Exception {
        leavesRoom(
                Protection.CERTIFIED, HELLOS_PER_SECOND, plan -> Storm.ofHellos(plan.coordinator(), HELLOS_PER_SECOND));
    }

    @FunctionalInterface
    private interface Rage {
        Storm onto(NodeScenario plan) throws Exception;
    }

    private static void leavesRoom(Protection protection, int atLeast, Rage rage) throws Exception {
        try (Cluster cluster = Cluster.onLoopback(2)) {
            NodeScenario plan = cluster.plan()
                    .withMembers(1)
                    .withTimeouts(Duration.ofSeconds(30))
                    .withProtection(protection);
            cluster.coordinator().run(node -> node.coordinate(plan));
            cluster.member(1).run(node -> node.join(plan));
            cluster.coordinator().act(node -> node.awaitMembers(1));
            for (int i = 0; i < WARM_UPS; i++) {
                medianOfRounds(cluster);
            }
            long quietNanos = medianOfRounds(cluster);
            long memoryBefore = cluster.coordinator().run(node -> ProcessMemory.bytes());

            try (Storm storm = rage.onto(plan)) {
                long startNanos = System.nanoTime();
                await().atMost(PATIENCE).until(() -> storm.sent() > atLeast);
                long stormyNanos = medianOfRounds(cluster);
                long askedNanos = System.nanoTime();
                CompletableFuture<InetSocketAddress> joining = cluster.member(2).begin(node -> node.join(plan));
                joining.get(PATIENCE.toSeconds(), SECONDS);
                long joinedNanos = System.nanoTime() - askedNanos;
                cluster.coordinator().act(node -> node.awaitMembers(2));
                long endNanos = startNanos + SECONDS.toNanos(STORM_SECONDS);
                await().atMost(PATIENCE.plusSeconds(STORM_SECONDS)).until(() -> System.nanoTime() >= endNanos);
                long perSecond = storm.sent() * SECONDS.toNanos(1) / (System.nanoTime() - startNanos);
                long moreBytes = cluster.coordinator().run(node -> ProcessMemory.bytes()) - memoryBefore;

                assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
                assertThat(moreBytes).isLessThan(MOST_BYTES);
                assertThat(storm.answeredBytes()).isLessThanOrEqualTo(storm.sentBytes());
                System.out.printf(
                        Locale.ROOT,
                        "%s: %d datagrams a second, %d bytes more, %.3f bytes answered a byte, round p50 %d to %d µs,"
                                + " a member in after %d ms%n",
                        protection,
                        perSecond,
                        moreBytes,
                        (double) storm.answeredBytes() / storm.sentBytes(),
                        quietNanos / 1000,
                        stormyNanos / 1000,
                        joinedNanos / 1_000_000);
            }
        }
    }

    private static long medianOfRounds(Cluster cluster) throws Exception {
        CompletableFuture<long[]> rounds = cluster.coordinator().begin(node -> node.passRounds(ROUNDS));
        cluster.member(1).begin(node -> node.passRounds(ROUNDS));
        long[] nanos = rounds.get(PATIENCE.toSeconds(), SECONDS);
        Arrays.sort(nanos);
        return nanos[ROUNDS / 2];
    }
}
