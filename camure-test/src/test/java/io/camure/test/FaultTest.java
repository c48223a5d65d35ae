package io.camure.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.test.CamureTestNetwork.Datagrams;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What links and partitions do to datagrams. */
class FaultTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final InetSocketAddress GROUP = new InetSocketAddress("239.255.74.9", 7401);

    private final List<CamureTestNetwork> networks = new ArrayList<>();
    private final CamureTestNetwork network = network(1);
    private final DatagramPort alice = open(network, "alice");
    private final DatagramPort bob = open(network, "bob");

    @AfterEach
    void close() {
        networks.forEach(CamureTestNetwork::close);
    }

    private CamureTestNetwork network(long seed) {
        CamureTestNetwork made = CamureTestNetwork.withSeed(seed);
        networks.add(made);
        return made;
    }

    private static DatagramPort open(CamureTestNetwork on, String host) {
        try {
            PortOptions options = new PortOptions(
                    NetworkInterface.networkInterfaces().findFirst().orElseThrow(), 1, 0, 1 << 24);
            DatagramPort port =
                    on.host(host).open(new InetSocketAddress(on.host(host).address(), 0), options);
            port.joinMulticast(GROUP);
            return port;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Datagrams that carry their number. */
    private static void send(DatagramPort from, InetSocketAddress to, int count) {
        for (int i = 0; i < count; i++) {
            from.send(ByteBuffer.allocateDirect(Integer.BYTES).putInt(0, i), Integer.BYTES, to);
        }
    }

    private static List<Integer> receive(DatagramPort port) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        while (port.receive() > 0) {
            port.handOver((source, datagram) -> numbers.add(datagram.getInt()));
        }
        return numbers;
    }

    private static List<Integer> await(DatagramPort port, int count) {
        List<Integer> numbers = new ArrayList<>();
        Awaitility.await().atMost(SOON).until(() -> {
            numbers.addAll(receive(port));
            return numbers.size() >= count;
        });
        return numbers;
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void theSeedSaysWhatIsLost() throws Exception {
        List<Integer> first = lossy(7);
        assertThat(first).hasSizeBetween(600, 800);
        assertThat(lossy(7)).isEqualTo(first);
        assertThat(lossy(8)).isNotEqualTo(first);
    }

    private List<Integer> lossy(long seed) throws IOException {
        CamureTestNetwork lossy = network(seed).lose(0.3);
        DatagramPort from = open(lossy, "alice");
        DatagramPort to = open(lossy, "bob");
        send(from, to.localAddress(), 1000);
        List<Integer> received = receive(to);
        Datagrams datagrams = lossy.datagrams();
        assertThat(datagrams.lost()).isEqualTo(1000 - received.size());
        assertThat(datagrams.delivered()).isEqualTo(received.size());
        return received;
    }

    @Test
    void oneDirectionOfOneHostMayBeBad() throws Exception {
        network.host("alice").outgoing().lose(1);
        send(alice, bob.localAddress(), 10);
        send(bob, alice.localAddress(), 10);

        assertThat(receive(bob)).isEmpty();
        assertThat(receive(alice)).isEqualTo(numbers(10));
        network.repair();
        send(alice, bob.localAddress(), 10);
        assertThat(receive(bob)).isEqualTo(numbers(10));
    }

    @Test
    void receiversLoseGroupTrafficEachByThemselves() throws Exception {
        DatagramPort carol = open(network, "carol");
        network.lose(0.5);
        send(alice, GROUP, 200);

        List<Integer> atBob = receive(bob);
        List<Integer> atCarol = receive(carol);
        assertThat(atBob).hasSizeBetween(50, 150);
        assertThat(atCarol).hasSizeBetween(50, 150).isNotEqualTo(atBob);
    }

    @Test
    void faultsHoldForHostsToCome() throws Exception {
        network.lose(1);
        DatagramPort carol = open(network, "carol");
        send(alice, carol.localAddress(), 10);

        assertThat(receive(carol)).isEmpty();
    }

    @Test
    void duplicatesComeTwice() throws Exception {
        network.duplicate(1);
        send(alice, bob.localAddress(), 2);

        assertThat(receive(bob)).containsExactly(0, 0, 1, 1);
        assertThat(network.datagrams().duplicated()).isEqualTo(2);
    }

    @Test
    void aDelayKeepsTheOrder() throws Exception {
        network.delay(Duration.ofMillis(30), Duration.ofMillis(30));
        long begunNanos = System.nanoTime();
        send(alice, bob.localAddress(), 100);

        assertThat(await(bob, 100)).isEqualTo(numbers(100));
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void delaysOfTheirOwnChangeTheOrder() {
        network.delay(Duration.ZERO, Duration.ofMillis(20));
        send(alice, bob.localAddress(), 100);

        assertThat(await(bob, 100)).isNotEqualTo(numbers(100)).containsExactlyInAnyOrderElementsOf(numbers(100));
    }

    @Test
    void othersOvertakeWhatIsHeldBack() {
        network.reorder(0.2);
        send(alice, bob.localAddress(), 100);

        assertThat(await(bob, 100)).isNotEqualTo(numbers(100)).containsExactlyInAnyOrderElementsOf(numbers(100));
    }

    @Test
    void theThreadForDelaysEndsWhenThereAreNone() {
        network.delay(Duration.ofMillis(1), Duration.ofMillis(1));
        send(alice, bob.localAddress(), 1);
        await(bob, 1);

        Awaitility.await()
                .atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("camure-test-network")));
    }

    @Test
    void aPartitionSplitsTheNetworkInTwo() throws Exception {
        DatagramPort carol = open(network, "carol");
        network.partition("alice", "carol");
        send(alice, bob.localAddress(), 1);
        send(bob, GROUP, 1);
        send(alice, carol.localAddress(), 1);

        assertThat(receive(alice)).isEmpty();
        // What bob says to the group comes back to himself.
        assertThat(receive(bob)).hasSize(1);
        assertThat(receive(carol)).hasSize(1);
        assertThat(network.datagrams().cut()).isEqualTo(3);
        network.heal();
        send(alice, bob.localAddress(), 1);
        assertThat(receive(bob)).hasSize(1);
    }

    @Test
    void whatIsUnderWayIsCutToo() throws Exception {
        network.delay(Duration.ofSeconds(5), Duration.ofSeconds(5));
        send(alice, bob.localAddress(), 5);
        network.partition("bob");

        Awaitility.await().atMost(SOON).until(() -> network.datagrams().cut() == 5);
        assertThat(receive(bob)).isEmpty();
    }

    @Test
    void aHostWithoutACableHearsNobodyAndIsNotHeard() throws Exception {
        network.host("bob").disconnect();
        send(alice, bob.localAddress(), 1);
        send(bob, alice.localAddress(), 1);
        assertThat(receive(alice)).isEmpty();
        assertThat(receive(bob)).isEmpty();

        network.host("bob").connect();
        send(alice, bob.localAddress(), 1);
        assertThat(receive(bob)).hasSize(1);
    }

    @Test
    void aHostWithoutMulticastHearsWhatIsSentToItAlone() throws Exception {
        network.host("bob").blockMulticast();
        send(alice, GROUP, 5);
        send(alice, bob.localAddress(), 3);
        assertThat(receive(bob)).isEqualTo(numbers(3));
        network.host("bob").admitMulticast();
        send(alice, GROUP, 2);
        assertThat(receive(bob)).isEqualTo(numbers(2));
    }

    @Test
    void networksDoNotHearEachOther() throws Exception {
        DatagramPort other = open(network(1), "carol");
        send(alice, other.localAddress(), 1);
        send(alice, GROUP, 1);

        assertThat(receive(other)).isEmpty();
    }

    @Test
    void refusesProbabilitiesThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> network.lose(1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> network.duplicate(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.delay(Duration.ofMillis(2), Duration.ofMillis(1)));
    }
}
