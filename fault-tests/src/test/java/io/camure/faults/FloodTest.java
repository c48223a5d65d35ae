package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.Node.RoundsReport;
import io.camure.faults.node.NodeProcess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rounds and a broadcast while a stranger floods each socket of the session. */
class FloodTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Messages MESSAGES = Messages.upToMedium(1, 1000);

    /** Enough that the flood was there all the time. */
    private static final long MANY = 10_000;

    @Test
    void aFloodOfGarbageAndForgedChunksChangesNothing() throws Exception {
        try (Cluster cluster = Cluster.onLoopback(2)) {
            cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
            List<InetSocketAddress> sockets = List.of(
                    cluster.plan().coordinator(),
                    cluster.member(1).run(Node::address),
                    cluster.member(2).run(Node::address),
                    cluster.plan().multicast());
            try (Flood flood = Flood.onto(sockets)) {
                await().atMost(PATIENCE).until(() -> flood.sent() > MANY);

                int count = MESSAGES.count();
                CompletableFuture<Digests> first = cluster.member(1).begin(node -> node.receive(count));
                CompletableFuture<Digests> second = cluster.member(2).begin(node -> node.receive(count));
                CompletableFuture<RoundsReport> rounds = cluster.coordinator().begin(Node::passRoundsToTheEnd);
                cluster.member(1).begin(Node::passRoundsToTheEnd);
                cluster.member(2).begin(Node::passRoundsToTheEnd);
                Digests sent = get(cluster.coordinator().begin(node -> node.send(MESSAGES)));

                assertThat(get(first)).isEqualTo(sent);
                assertThat(get(second)).isEqualTo(sent);
                long before = cluster.coordinator().run(Node::roundsPassed);
                await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::roundsPassed) > before);
                cluster.coordinator().act(Node::stop);
                assertThat(get(rounds).lostMembers()).isEmpty();
            }
            assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
            for (NodeProcess node : List.of(cluster.coordinator(), cluster.member(1), cluster.member(2))) {
                assertThat(node.run(Node::statistics).datagramsDropped()).isGreaterThan(MANY / 10);
            }
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
