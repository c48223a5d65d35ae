package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.DeliveryMode;
import io.camure.Transport;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.NodeScenario;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that come from another address than the one that was asked, and group traffic that comes from one more. */
@NeedsNamespaces
class AddressFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Far less than what a round takes that waits for a second, and far more than one that does not on a busy machine. */
    private static final Duration FAST = Duration.ofMillis(200);

    private static final int ROUNDS = 300;
    private static final int MESSAGES = 500;
    private static final int COORDINATOR = 0;
    private static final int MEMBERS = 2;
    private static final int PORT = 7400;
    private static final int BRIDGES = 10;
    private static final String SECOND = "10.77.0.200";
    private static final String OUTSIDE = "10.99.0.1";

    private Cluster cluster;
    private Namespaces network;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespaces(MEMBERS);
        network = cluster.network();
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(address, PORT);
    }

    private void open(Transport transport, UnaryOperator<NodeScenario> change) throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && Runtime.version().feature() >= 22;
        assumeTrue(transport != Transport.LINUX || linux, "the Linux transport needs Linux and a JDK from 22 on");
        NodeScenario plan = cluster.plan().withTimeouts(Duration.ofSeconds(30)).withTransport(transport);
        cluster.plan(change.apply(plan)).open();
    }

    private void awaitServedByUnicast(int members) {
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::unicastMembers) == members);
    }

    private void useSession() throws Exception {
        CompletableFuture<long[]> rounds = cluster.coordinator().begin(node -> node.passRounds(ROUNDS));
        for (int i = 1; i <= MEMBERS; i++) {
            cluster.member(i).begin(node -> node.passRounds(ROUNDS));
        }
        long[] nanos = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[ROUNDS / 2])).isLessThan(FAST);

        Messages messages = Messages.upToMedium(1, MESSAGES);
        CompletableFuture<Digests> first = cluster.member(1).begin(node -> node.receive(MESSAGES));
        CompletableFuture<Digests> second = cluster.member(2).begin(node -> node.receive(MESSAGES));
        Digests sent =
                cluster.coordinator().begin(node -> node.send(messages)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aCoordinatorAtTheWildcardIsAskedAtItsSecondAddress(Transport transport) throws Exception {
        network.addAddress(COORDINATOR, SECOND);
        open(transport, plan -> plan.boundTo(at("0.0.0.0")).askedAt(at(SECOND)));
        awaitServedByUnicast(0);
        useSession();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aCoordinatorIsBoundToItsSecondAddress(Transport transport) throws Exception {
        network.addAddress(COORDINATOR, SECOND);
        open(transport, plan -> plan.boundTo(at(SECOND)).askedAt(at(SECOND)));
        awaitServedByUnicast(0);
        useSession();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aCoordinatorIsFoundByTheNameOfItsSession(Transport transport) throws Exception {
        open(transport, NodeScenario::askedByName);
        awaitServedByUnicast(0);
        useSession();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aCoordinatorAtTheWildcardIsFoundByTheNameOfItsSessionWithoutMulticastInIt(Transport transport)
            throws Exception {
        for (int node = 0; node <= MEMBERS; node++) {
            network.setMtu(node, 1400);
        }
        open(transport, plan -> plan.boundTo(at("0.0.0.0")).askedByName().withDelivery(DeliveryMode.UNICAST));
        awaitServedByUnicast(MEMBERS);
        useSession();

        assertThat(cluster.coordinator().run(Node::log))
                .first()
                .asString()
                .contains("chunks of 1372 bytes", "has an MTU of 1400");
    }

    /** As on a host of containers, whose bridges Java lists before the interface that leads to others. */
    @Test
    void aCoordinatorWithManyInterfacesIsFoundByTheOneThatLeadsToMembers() throws Exception {
        for (int i = 0; i < BRIDGES; i++) {
            network.addInterface(COORDINATOR, "br-" + i, "10.8" + i + ".0.1");
        }
        open(Transport.NIO, plan -> plan.boundTo(at("0.0.0.0")).askedByName().withDelivery(DeliveryMode.UNICAST));

        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(MEMBERS);
        assertThat(cluster.coordinator().run(Node::log))
                .filteredOn(line -> line.contains("members can't find this session by its name by"))
                .singleElement()
                .asString()
                .contains("br-9 (10.89.0.1)")
                .doesNotContain("eth0");
    }

    /** As behind a Service: only what is for one node passes the translation. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void groupTrafficComesFromBehindATranslation(Transport transport) throws Exception {
        assumeTrue(Namespaces.canTranslate(), "addresses can't be translated here: no nftables");
        network.translate(COORDINATOR, OUTSIDE, Namespaces.NODES);
        open(transport, plan -> plan.askedAt(at(OUTSIDE)));
        awaitServedByUnicast(0);
        useSession();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void anAdvertisedAddressIsWhereEverythingComesFrom(Transport transport) throws Exception {
        assumeTrue(Namespaces.canTranslate(), "addresses can't be translated here: no nftables");
        network.translate(COORDINATOR, OUTSIDE, Namespaces.ALL);
        open(transport, plan -> plan.askedAt(at(OUTSIDE)).advertisedAs(at(OUTSIDE)));
        awaitServedByUnicast(0);
        useSession();
    }

    /** Nothing of that is believed, and nothing is lost by it. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void groupTrafficFromAnAddressThatNobodyHasNamedIsNotNeeded(Transport transport) throws Exception {
        assumeTrue(Namespaces.canTranslate(), "addresses can't be translated here: no nftables");
        network.translate(COORDINATOR, OUTSIDE, Namespaces.GROUPS);
        open(transport, plan -> plan);
        useSession();
        awaitServedByUnicast(MEMBERS);
        useSession();
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(MEMBERS);
    }
}
