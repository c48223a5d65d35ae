package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.Transport;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.network.PacketFilter;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multicast does not reach a member, or nobody, or not any more. */
@NeedsNamespaces
class DeafMemberFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Far less than what a round takes that waits for a second, and far more than one that does not on a busy machine. */
    private static final Duration FAST = Duration.ofMillis(500);

    private static final int ROUNDS = 300;
    private static final int MESSAGES = 500;
    private static final int MEMBER = 1;
    private static final int OTHER_MEMBER = 2;

    private Cluster cluster;
    private Namespaces network;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespaces(2);
        network = cluster.network();
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
    }

    private void open(Transport transport) throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && Runtime.version().feature() >= 22;
        assumeTrue(transport != Transport.LINUX || linux, "the Linux transport needs Linux and a JDK from 22 on");
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)).withTransport(transport))
                .open();
    }

    private void useSession() throws Exception {
        CompletableFuture<long[]> rounds = cluster.coordinator().begin(node -> node.passRounds(ROUNDS));
        cluster.member(MEMBER).begin(node -> node.passRounds(ROUNDS));
        cluster.member(OTHER_MEMBER).begin(node -> node.passRounds(ROUNDS));
        long[] nanos = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[ROUNDS / 2])).isLessThan(FAST);

        Messages messages = Messages.upToMedium(1, MESSAGES);
        CompletableFuture<Digests> first = cluster.member(MEMBER).begin(node -> node.receive(MESSAGES));
        CompletableFuture<Digests> second = cluster.member(OTHER_MEMBER).begin(node -> node.receive(MESSAGES));
        Digests sent =
                cluster.coordinator().begin(node -> node.send(messages)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
    }

    private void awaitDeaf(int members) {
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::deafMembers) == members);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aMemberThatMulticastDoesNotReachIsServedByUnicast(Transport transport) throws Exception {
        network.dropArriving(MEMBER, PacketFilter.ofMulticast());
        open(transport);
        useSession();
        awaitDeaf(1);
        useSession();

        assertThat(network.droppedArriving(MEMBER)).isPositive();
        assertThat(cluster.coordinator().run(Node::unicastMembers)).isOne();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void multicastThatEndsAndComesBackIsNotMissed(Transport transport) throws Exception {
        open(transport);
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::unicastMembers) == 0);
        useSession();
        for (int member : new int[] {MEMBER, OTHER_MEMBER}) {
            network.dropArriving(member, PacketFilter.ofMulticast());
        }
        useSession();
        awaitDeaf(2);
        useSession();
        for (int member : new int[] {MEMBER, OTHER_MEMBER}) {
            network.dropArriving(member, PacketFilter.ofData(0));
        }
        awaitDeaf(0);
        useSession();
    }
}
