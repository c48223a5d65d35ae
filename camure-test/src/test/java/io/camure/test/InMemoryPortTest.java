package io.camure.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That ports in memory do what {@link DatagramPort} promises. */
@Timeout(60)
class InMemoryPortTest {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);
    private static final InetSocketAddress GROUP = new InetSocketAddress("239.255.74.9", 7401);

    private final CamureTestNetwork network = CamureTestNetwork.create();
    private final DatagramPort alice = open("alice", 0);
    private final DatagramPort bob = open("bob", 0);

    @AfterEach
    void close() {
        network.close();
    }

    private DatagramPort open(String host, int receiveBufferBytes) {
        CamureTestHost on = network.host(host);
        try {
            return on.open(new InetSocketAddress(on.address(), 0), options(receiveBufferBytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PortOptions options(int receiveBufferBytes) throws SocketException {
        return new PortOptions(
                NetworkInterface.networkInterfaces().findFirst().orElseThrow(), 1, 0, receiveBufferBytes);
    }

    private static void send(DatagramPort from, InetSocketAddress to, int... lengths) {
        for (int length : lengths) {
            from.send(ByteBuffer.allocateDirect(length), Math.max(1, length), to);
        }
        from.flush();
    }

    private static List<Integer> receive(DatagramPort port) throws IOException {
        List<Integer> lengths = new ArrayList<>();
        for (int count = port.receive(); count > 0; count = port.receive()) {
            port.handOver((source, datagram) -> lengths.add(datagram.remaining()));
        }
        return lengths;
    }

    @Test
    void splitsWhatIsSentIntoDatagrams() throws Exception {
        ByteBuffer sent = ByteBuffer.allocateDirect(40);
        for (int i = 0; i < 40; i++) {
            sent.put(i, (byte) i);
        }
        alice.send(sent.limit(35).position(10), 10, bob.localAddress());

        assertThat(sent.position()).isEqualTo(10);
        assertThat(sent.limit()).isEqualTo(35);
        assertThat(alice.datagramsSent()).isEqualTo(3);
        assertThat(bob.receive()).isEqualTo(3);
        List<String> received = new ArrayList<>();
        bob.handOver((source, datagram) -> {
            assertThat(source).isEqualTo(alice.localAddress());
            received.add(datagram.get() + "+" + datagram.remaining());
            datagram.position(datagram.limit());
        });
        assertThat(received).containsExactly("10+9", "20+9", "30+4");
    }

    @Test
    void groupTrafficReachesThoseWhoHaveJoinedTheGroup() throws Exception {
        DatagramPort carol = open("carol", 0);
        bob.joinMulticast(GROUP);
        carol.joinMulticast(new InetSocketAddress(GROUP.getAddress(), GROUP.getPort() + 1));
        send(alice, GROUP, 1);

        assertThat(receive(bob)).containsExactly(1);
        assertThat(receive(carol)).isEmpty();
        assertThat(receive(alice)).isEmpty();
    }

    @Test
    void anEmptyDatagramIsADatagram() throws Exception {
        send(alice, bob.localAddress(), 0);

        assertThat(receive(bob)).containsExactly(0);
    }

    @Test
    void countsWhatItCanNotSend() {
        send(alice, InetSocketAddress.createUnresolved("nowhere", 1), 1);
        assertThat(alice.sendFailure()).contains("nowhere");
        send(alice, bob.localAddress(), 65_508);
        assertThat(alice.sendFailure()).isEqualTo("Message too long");
        assertThat(alice.sendFailures()).isEqualTo(2);
        assertThat(alice.datagramsSent()).isZero();

        send(alice, bob.localAddress(), 65_507);
        assertThat(alice.sendFailure()).isNull();
        assertThat(alice.datagramsSent()).isEqualTo(1);
    }

    @Test
    void whatTheReceiveBufferHasNoRoomForIsLostAndCounted() throws Exception {
        DatagramPort small = open("carol", 10_000);
        assertThat(small.receiveBufferBytes()).isEqualTo(20_000);
        small.joinMulticast(GROUP);
        for (int i = 0; i < 20; i++) {
            send(alice, small.localAddress(), 1232);
        }
        send(alice, GROUP, 1);

        // 1232 bytes count as 2000; group traffic has a buffer of its own.
        assertThat(receive(small)).hasSize(11).endsWith(1);
        assertThat(network.datagrams().overflowed()).isEqualTo(10);
        send(alice, small.localAddress(), 1);
        assertThat(receive(small)).containsExactly(1);
    }

    @Test
    void aDatagramEndsTheWait() throws Exception {
        CompletableFuture<Void> waiting = wait(bob);
        send(alice, bob.localAddress(), 1);

        waiting.get(50, TimeUnit.SECONDS);
        bob.awaitDatagram(LONG_NANOS);
        assertThat(receive(bob)).containsExactly(1);
    }

    @Test
    void aWakeUpEndsTheWaitOrTheNextOneButNoMore() throws Exception {
        CompletableFuture<Void> waiting = wait(bob);
        bob.wakeUp();
        waiting.get(50, TimeUnit.SECONDS);
        bob.awaitDatagram(0);

        bob.wakeUp();
        bob.awaitDatagram(LONG_NANOS);
        long begunNanos = System.nanoTime();
        bob.awaitDatagram(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(System.nanoTime() - begunNanos).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void anInterruptEndsTheWaitAndStays() throws Exception {
        Thread.currentThread().interrupt();
        bob.awaitDatagram(LONG_NANOS);

        assertThat(Thread.interrupted()).isTrue();
    }

    /** Gives back when the thread waits. */
    private static CompletableFuture<Void> wait(DatagramPort port) {
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                port.awaitDatagram(LONG_NANOS);
                waiting.complete(null);
            } catch (IOException | RuntimeException e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().atMost(Duration.ofSeconds(50)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return waiting;
    }

    @Test
    void aPortIsFreeAgainWhenItIsClosed() throws Exception {
        CamureTestHost host = network.host("alice");
        InetSocketAddress taken = alice.localAddress();
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> host.open(taken, options(0)))
                .withMessageContaining("taken");
        alice.close();

        assertThat(host.open(taken, options(0)).localAddress()).isEqualTo(taken);
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> host.open(bob.localAddress(), options(0)))
                .withMessageContaining("alice");
    }
}
