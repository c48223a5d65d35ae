package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.DisconnectedException.Reason;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.Node.RoundsReport;
import io.camure.faults.node.NodeProcess;
import io.camure.faults.node.NodeScenario;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node's network interface, its cable or its routes fail for a while, or it comes back at the same address. */
@NeedsNamespaces
class LinkFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final int COORDINATOR = 0;
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

    @Test
    void anInterfaceThatIsDownForAMomentOnlyHoldsUpRounds() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
        CompletableFuture<RoundsReport> rounds = passRounds();
        for (int node : List.of(COORDINATOR, MEMBER)) {
            network.setInterface(node, false);
            await().pollDelay(SHORT).atMost(PATIENCE).until(() -> true);
            network.setInterface(node, true);

            awaitMoreRounds(cluster.member(MEMBER));
            awaitMoreRounds(cluster.member(OTHER_MEMBER));
        }
        assertNobodyWasLost(rounds);
    }

    @Test
    void aCableThatIsOutForAMomentOnlyHoldsUpRoundsAndMessages() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
        Messages messages = Messages.upToMedium(1, 2000);
        var received = cluster.member(MEMBER).begin(node -> node.receive(2000));
        CompletableFuture<RoundsReport> rounds = passRounds();
        var sent = cluster.coordinator().begin(node -> node.send(messages));

        network.setCable(MEMBER, false);
        await().pollDelay(SHORT).atMost(PATIENCE).until(() -> true);
        network.setCable(MEMBER, true);

        // The other one reads nothing, and gets its share of the window only.
        cluster.member(OTHER_MEMBER).begin(Node::receiveToTheEnd);
        assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        awaitMoreRounds(cluster.member(MEMBER));
        assertNobodyWasLost(rounds);
    }

    @Test
    void anInterfaceThatStaysDownTakesItsMemberOutAndTellsIt() throws Exception {
        cluster.open();
        CompletableFuture<RoundsReport> rounds = passRounds();
        CompletableFuture<RoundsReport> atMember = cluster.member(MEMBER).begin(Node::passRoundsToTheEnd);
        InetSocketAddress address = cluster.member(MEMBER).run(Node::address);

        network.setInterface(MEMBER, false);

        assertThat(atMember).succeedsWithin(cluster.plan().coordinatorLossBound());
        assertThat(atMember.get().reason()).isEqualTo(Reason.COORDINATOR_LOST);
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 1);
        awaitMoreRounds(cluster.member(OTHER_MEMBER));
        network.setInterface(MEMBER, true);
        joinAnew(MEMBER);
        cluster.coordinator().act(Node::stop);
        RoundsReport report = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.lostMembers()).containsExactly(address);
        assertThat(report.longest()).isLessThan(cluster.plan().memberLossBound());
    }

    @Test
    void sendsThatTheSystemRefusesForAMomentAreRepeated() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
        CompletableFuture<RoundsReport> rounds = passRounds();
        // EACCES, EHOSTUNREACH and EINVAL.
        for (String kind : List.of("prohibit", "unreachable", "blackhole")) {
            long failuresBefore = cluster.member(MEMBER).run(Node::statistics).sendFailures();
            network.addRoute(MEMBER, kind, Namespaces.address(COORDINATOR));
            network.addRoute(COORDINATOR, kind, Namespaces.address(OTHER_MEMBER));
            await().atMost(PATIENCE)
                    .until(() -> cluster.member(MEMBER).run(Node::statistics).sendFailures() > failuresBefore);
            network.removeRoute(MEMBER, kind, Namespaces.address(COORDINATOR));
            network.removeRoute(COORDINATOR, kind, Namespaces.address(OTHER_MEMBER));

            awaitMoreRounds(cluster.member(MEMBER));
            awaitMoreRounds(cluster.member(OTHER_MEMBER));
        }
        assertNobodyWasLost(rounds);
    }

    @ParameterizedTest
    @ValueSource(ints = {COORDINATOR, MEMBER})
    void sendsThatAFirewallRefusesForAMomentAreRepeated(int node) throws Exception {
        assumeTrue(Namespaces.canRefuseSending(), "nftables is not installed: no firewall refuses sends");
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30))).open();
        CompletableFuture<RoundsReport> rounds = passRounds();
        NodeProcess refused = node == COORDINATOR ? cluster.coordinator() : cluster.member(node);
        long failuresBefore = refused.run(Node::statistics).sendFailures();

        network.refuseSending(node);
        await().atMost(PATIENCE).until(() -> refused.run(Node::statistics).sendFailures() > failuresBefore);
        network.allowSending(node);

        awaitMoreRounds(cluster.member(MEMBER));
        awaitMoreRounds(cluster.member(OTHER_MEMBER));
        assertNobodyWasLost(rounds);
    }

    @Test
    void sendsThatTheSystemRefusesForLongerEndTheSessionWithTheReason() throws Exception {
        cluster.open();
        passRounds();
        CompletableFuture<RoundsReport> atMember = cluster.member(MEMBER).begin(Node::passRoundsToTheEnd);

        network.addRoute(MEMBER, "prohibit", Namespaces.address(COORDINATOR));

        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 1);
        // It hears the others' rounds, but nobody hears it.
        assertThat(atMember.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).reason())
                .isIn(Reason.EVICTED, Reason.COORDINATOR_LOST);
        awaitMoreRounds(cluster.member(OTHER_MEMBER));
        network.removeRoute(MEMBER, "prohibit", Namespaces.address(COORDINATOR));
        joinAnew(MEMBER);
    }

    @Test
    void aMemberStartedAnewAtItsAddressIsNotTakenForTheOneBefore() throws Exception {
        int port = 45_000;
        network.setOnlyFreePort(MEMBER, port);
        cluster.open();
        CompletableFuture<RoundsReport> rounds = passRounds();
        InetSocketAddress address = cluster.member(MEMBER).run(Node::address);
        assertThat(address.getPort()).isEqualTo(port);

        cluster.member(MEMBER).kill();
        joinAnew(MEMBER);

        assertThat(cluster.member(MEMBER).run(Node::address)).isEqualTo(address);
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
        cluster.coordinator().act(Node::stop);
        RoundsReport report = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.lostMembers()).as("the one before").containsExactly(address);
        assertThat(report.longest()).isLessThan(cluster.plan().memberLossBound());
    }

    private CompletableFuture<RoundsReport> passRounds() throws Exception {
        CompletableFuture<RoundsReport> rounds = cluster.coordinator().begin(Node::passRoundsToTheEnd);
        cluster.member(MEMBER).begin(Node::passRoundsToTheEnd);
        cluster.member(OTHER_MEMBER).begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.member(MEMBER));
        return rounds;
    }

    private void assertNobodyWasLost(CompletableFuture<RoundsReport> rounds) throws Exception {
        cluster.coordinator().act(Node::stop);
        assertThat(rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).lostMembers())
                .isEmpty();
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
    }

    private void joinAnew(int node) throws Exception {
        NodeProcess anew = cluster.launch(node);
        cluster.member(node).kill();
        cluster.replace(node, anew);
        NodeScenario plan = cluster.plan();
        anew.run(joining -> joining.join(plan));
        anew.begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(anew);
    }

    private static void awaitMoreRounds(NodeProcess node) throws Exception {
        long before = node.run(Node::roundsPassed);
        await().atMost(PATIENCE).until(() -> node.run(Node::roundsPassed) > before + 10);
    }
}
