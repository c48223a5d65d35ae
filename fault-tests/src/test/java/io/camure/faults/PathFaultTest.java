package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.Transport;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is longer than the MTU of a link is lost there without a word: neither ICMP nor fragments tell of it. */
@NeedsNamespaces
class PathFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NOT_REACHED = " do not get to ";
    private static final int MESSAGES = 300;
    private static final int COORDINATOR = 0;
    private static final int MEMBER = 1;
    private static final int OTHER_MEMBER = 2;

    private Cluster cluster;
    private Namespaces network;

    @AfterEach
    void end() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void start() throws Exception {
        cluster = Cluster.inNamespaces(2);
        network = cluster.network();
    }

    private void open(Transport transport) throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && Runtime.version().feature() >= 22;
        assumeTrue(transport != Transport.LINUX || linux, "the Linux transport needs Linux and a JDK from 22 on");
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)).withTransport(transport))
                .open();
    }

    /** All members get all messages, and nobody is called slow. */
    private void useSession() throws Exception {
        Messages messages = Messages.upToMedium(1, MESSAGES);
        CompletableFuture<Digests> first = cluster.member(MEMBER).begin(node -> node.receive(MESSAGES));
        CompletableFuture<Digests> second = cluster.member(OTHER_MEMBER).begin(node -> node.receive(MESSAGES));
        Digests sent =
                cluster.coordinator().begin(node -> node.send(messages)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(log()).noneMatch(line -> line.contains("slow"));
    }

    private List<String> log() throws Exception {
        return cluster.coordinator().run(node -> node.log());
    }

    private void assertNames(int bytes, int mtu) throws Exception {
        assertThat(log())
                .filteredOn(line -> line.contains(NOT_REACHED))
                .singleElement()
                .asString()
                .contains("those of " + bytes + " bytes do", "The MTU on the way is about " + mtu);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aLinkOfASmallerMtuIsFoundOutAndNamed(Transport transport) throws Exception {
        start();
        network.setMtuAtBridge(MEMBER, 1400);
        open(transport);
        useSession();
        useSession();

        assertNames(1372, 1400);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aPathThatGetsSmallerHoldsUpNobodyForLong(Transport transport) throws Exception {
        start();
        open(transport);
        useSession();
        network.setMtuAtBridge(OTHER_MEMBER, 1280);
        useSession();

        assertNames(1252, 1280);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void jumboFramesEndWhereALinkDoesNotTakeThem(Transport transport) throws Exception {
        start();
        for (int node : new int[] {COORDINATOR, MEMBER, OTHER_MEMBER}) {
            network.setMtu(node, 9000);
            network.setMtuAtBridge(node, node == OTHER_MEMBER ? 1500 : 9000);
        }
        open(transport);
        useSession();

        assertThat(log()).first().asString().contains("chunks of 1472 bytes, up to 8972 ", "has an MTU of 9000");
        assertThat(log()).noneMatch(line -> line.contains(NOT_REACHED));
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void jumboFramesAreUsedWhereAllTakeThem(Transport transport) throws Exception {
        start();
        for (int node : new int[] {COORDINATOR, MEMBER, OTHER_MEMBER}) {
            network.setMtuAtBridge(node, 9000);
            network.setMtu(node, 9000);
        }
        open(transport);
        useSession();
        useSession();

        assertThat(log())
                .filteredOn(line -> line.contains("datagrams of up to 8972 bytes get to"))
                .hasSize(2);
        assertThat(log()).noneMatch(line -> line.contains(NOT_REACHED));
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aMemberWithASmallerInterfaceGetsWhatFits(Transport transport) throws Exception {
        start();
        network.setMtu(MEMBER, 1400);
        network.setMtuAtBridge(MEMBER, 1400);
        open(transport);
        useSession();

        assertThat(log()).noneMatch(line -> line.contains(NOT_REACHED));
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void ipv6TakesTwentyBytesLess(Transport transport) throws Exception {
        cluster = Cluster.inNamespacesWithIpv6(2);
        network = cluster.network();
        open(transport);
        useSession();

        assertThat(log()).first().asString().contains("chunks of 1452 bytes", "has an MTU of 1500");
        // Nothing is split by IP, and segmentation offload is not refused.
        assertThat(log()).noneMatch(line -> line.contains("splits") || line.contains("one by one"));
    }
}
