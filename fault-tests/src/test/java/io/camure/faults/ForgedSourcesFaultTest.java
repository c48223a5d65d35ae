package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.faults.Attacks.Attack;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Forgery;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.Node.RoundsReport;
import io.camure.faults.node.Node.StreamReport;
import io.camure.faults.node.NodeProcess;
import io.camure.faults.node.NodeScenario.Protection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stranger in the network of a session, which sends in the names of its nodes: rounds and messages go on as without it. */
@Tag("long")
@Tag("strangers")
@NeedsNamespaces
class ForgedSourcesFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Messages MESSAGES = Messages.upToMedium(1, 1000);
    private static final int MEMBERS = 2;
    private static final int STRANGER = MEMBERS + 1;
    private static final String NOBODY = "10.77.0.200";

    /** So many of them pass behind each attack, which makes each number that was used in it count once. */
    private static final int ROUNDS = 20;

    private Cluster cluster;
    private NodeProcess stranger;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespacesWithStranger(MEMBERS);
        stranger = cluster.launch(STRANGER);
    }

    @AfterEach
    void end() throws Exception {
        stranger.close();
        cluster.close();
    }

    private void open(Protection protection) throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)).withProtection(protection))
                .open();
    }

    /** A session in which rounds and messages pass, until it is ended. */
    private final class Traffic {

        private final List<CompletableFuture<StreamReport>> received = new ArrayList<>();
        private final List<CompletableFuture<RoundsReport>> rounds = new ArrayList<>();
        private final CompletableFuture<Digests> sent;

        Traffic() {
            for (int member = 1; member <= MEMBERS; member++) {
                received.add(cluster.member(member).begin(Node::receiveToTheEnd));
                rounds.add(cluster.member(member).begin(Node::passRoundsToTheEnd));
            }
            rounds.add(cluster.coordinator().begin(Node::passRoundsToTheEnd));
            sent = cluster.coordinator().begin(node -> node.sendToTheEnd(MESSAGES));
        }

        void requireThatItGoesOn(String after) throws Exception {
            long before = cluster.coordinator().run(Node::roundsPassed);
            await(after).atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::roundsPassed) >= before + ROUNDS);
            assertThat(cluster.coordinator().run(Node::members)).as(after).isEqualTo(MEMBERS);
        }

        void requireThatNothingWasLost() throws Exception {
            for (int node = 0; node <= MEMBERS; node++) {
                assertThat((node == 0 ? cluster.coordinator() : cluster.member(node)).run(Node::isOpen))
                        .isTrue();
            }
            cluster.coordinator().act(Node::stop);
            Digests all = get(sent);
            for (CompletableFuture<StreamReport> each : received) {
                StreamReport report = get(each);
                assertThat(report.reason()).isNull();
                assertThat(report.messageBroken()).isFalse();
                assertThat(report.digests()).isEqualTo(all);
            }
            assertThat(get(rounds.get(MEMBERS)).lostMembers()).isEmpty();
            // Who has just come is served by unicast for a moment.
            await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::unicastMembers) == 0);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Sends an attack, and waits until each datagram of it was dropped for its reason. */
    private void attack(InetSocketAddress source, InetSocketAddress target, Attack attack, NodeProcess... droppedBy)
            throws Exception {
        ArrayList<String> reasons =
                new ArrayList<>(attack.reasons(cluster.plan().protection()));
        List<Long> before = new ArrayList<>();
        for (NodeProcess node : droppedBy) {
            before.add(node.run(each -> each.dropped(reasons)));
        }
        Forgery forgery = Forgery.of(source, target, attack.datagrams());
        stranger.act(node -> forgery.send());
        for (int i = 0; i < droppedBy.length; i++) {
            NodeProcess node = droppedBy[i];
            long expected = before.get(i) + attack.datagrams().size();
            await(attack.name() + " dropped as " + reasons)
                    .atMost(PATIENCE)
                    .until(() -> node.run(each -> each.dropped(reasons)) >= expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HARDENED", "SEALED", "CERTIFIED"})
    void whatIsSentInTheNamesOfNodesChangesNothing(Protection protection) throws Exception {
        open(protection);
        Traffic traffic = new Traffic();
        InetSocketAddress coordinator = cluster.coordinator().run(Node::address);
        InetSocketAddress nobody = new InetSocketAddress(NOBODY, 7777);
        NodeProcess first = cluster.member(1);
        NodeProcess second = cluster.member(2);
        InetSocketAddress firstAddress = first.run(Node::address);
        InetSocketAddress secondAddress = second.run(Node::address);
        cluster.network().impersonate(STRANGER, Namespaces.address(0));
        for (Attack attack : Attacks.toMember()) {
            attack(coordinator, firstAddress, attack, first);
            attack(coordinator, secondAddress, attack, second);
            traffic.requireThatItGoesOn(attack.name() + " to members");
        }
        for (Attack attack : Attacks.toGroup()) {
            attack(coordinator, cluster.plan().multicast(), attack, first, second);
            traffic.requireThatItGoesOn(attack.name() + " by multicast");
        }
        cluster.network().impersonate(STRANGER, Namespaces.address(1), Namespaces.address(2), NOBODY);
        for (Attack attack : Attacks.toCoordinator()) {
            attack(firstAddress, coordinator, attack, cluster.coordinator());
            attack(secondAddress, coordinator, attack, cluster.coordinator());
            traffic.requireThatItGoesOn(attack.name() + " of members");
        }
        for (Attack attack : Attacks.byNobody()) {
            attack(nobody, coordinator, attack, cluster.coordinator());
            traffic.requireThatItGoesOn(attack.name() + " of nobody");
        }
        traffic.requireThatNothingWasLost();
    }

    /** The same addresses, groups and numbers of rounds, on another day. */
    @ParameterizedTest
    @EnumSource(names = {"HARDENED", "SEALED", "CERTIFIED"})
    void aRecordedSessionThatIsSentAgainChangesNothingInTheNextOne(Protection protection) throws Exception {
        open(protection);
        InetSocketAddress multicast = cluster.plan().multicast();
        CompletableFuture<ArrayList<byte[]>> recording = stranger.begin(node -> Forgery.record(multicast, 500));
        Traffic recorded = new Traffic();
        ArrayList<byte[]> datagrams = get(recording);
        recorded.requireThatNothingWasLost();
        for (int node = 0; node <= MEMBERS; node++) {
            (node == 0 ? cluster.coordinator() : cluster.member(node)).close();
            cluster.replace(node, cluster.launch(node));
        }

        cluster.open();
        cluster.network().impersonate(STRANGER, Namespaces.address(0));
        Traffic traffic = new Traffic();
        InetSocketAddress coordinator = cluster.coordinator().run(Node::address);
        List<InetSocketAddress> targets = List.of(
                multicast,
                cluster.member(1).run(Node::address),
                cluster.member(2).run(Node::address));
        for (InetSocketAddress target : targets) {
            Forgery again = new Forgery(coordinator, target, datagrams);
            stranger.act(node -> again.send());
            traffic.requireThatItGoesOn("a recorded session to " + target);
        }
        for (int member = 1; member <= MEMBERS; member++) {
            assertThat(cluster.member(member).run(Node::statistics).datagramsDropped())
                    .isGreaterThan(datagrams.size());
        }
        traffic.requireThatNothingWasLost();
    }
}
