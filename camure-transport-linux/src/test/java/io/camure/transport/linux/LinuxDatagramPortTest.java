package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.LOOPBACK_V6;
import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent and received, datagram by datagram. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LinuxDatagramPortTest {

    private static final long LONG_NANOS = Duration.ofSeconds(50).toNanos();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void exchangesDatagramsWithJavasOwnSockets(String address) throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(TestPorts.address(address));
                DatagramChannel channel =
                        DatagramChannel.open().bind(new InetSocketAddress(TestPorts.address(address), 0))) {
            ByteBuffer sent = bytes(100);
            channel.send(sent.duplicate(), port.localAddress());
            Arrivals arrivals = new Arrivals(port).await(1);
            assertThat(arrivals.joined()).isEqualTo(array(sent));
            assertThat(arrivals.sources).containsExactly((InetSocketAddress) channel.getLocalAddress());

            port.send(sent.position(10), 1000, arrivals.sources.get(0));
            assertThat(sent.position()).isEqualTo(10);
            port.flush();
            ByteBuffer received = ByteBuffer.allocate(1000);
            assertThat(channel.receive(received)).isEqualTo(port.localAddress());
            assertThat(array(received.flip())).isEqualTo(array(sent));
            assertThat(port.datagramsSent()).isEqualTo(1);
        }
    }

    @Test
    void sendsNothingBeforeItHasTo() throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            sender.send(bytes(10), 10, receiver.localAddress());
            assertThat(receiver.receive()).isZero();
            sender.flush();
            assertThat(receiver.receive()).isEqualTo(1);
            sender.flush();
            assertThat(receiver.receive()).isZero();
        }
    }

    @Test
    void anEmptyDatagramIsADatagram() throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            sender.send(bytes(0), 1000, receiver.localAddress());
            sender.send(bytes(0), 0, receiver.localAddress());
            sender.flush();
            assertThat(new Arrivals(receiver).await(2).lengths()).containsExactly(0, 0);
            assertThat(sender.datagramsSent()).isEqualTo(2);
        }
    }

    @Test
    void sendsToMembersInTurn() throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort one = TestPorts.open(LOOPBACK);
                LinuxDatagramPort other = TestPorts.open(LOOPBACK)) {
            for (int i = 1; i <= 100; i++) {
                sender.send(bytes(i), i, one.localAddress());
                sender.send(bytes(2 * i), i, other.localAddress());
            }
            sender.flush();
            assertThat(new Arrivals(one).await(100).lengths()).isSorted().contains(1, 100);
            assertThat(new Arrivals(other).await(200).lengths()).isSorted().contains(1, 100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsWhatIsNotSent(boolean segmentation) throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK, segmentation);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            port.send(bytes(25), 10, InetSocketAddress.createUnresolved("nowhere", 1));
            assertThat(port.sendFailures()).isEqualTo(3);
            port.send(bytes(1), 1, receiver.localAddress());
            // A socket of the one family has no way to an address of the other.
            port.send(bytes(10), 10, new InetSocketAddress(LOOPBACK_V6, 9));
            port.send(bytes(25), 10, new InetSocketAddress(LOOPBACK_V6, 9));
            port.send(bytes(65_530), 65_530, receiver.localAddress());
            port.send(bytes(2), 2, receiver.localAddress());
            port.flush();
            assertThat(port.sendFailures()).isEqualTo(3 + 1 + 3 + 1);
            assertThat(port.datagramsSent()).isEqualTo(2);
            assertThat(new Arrivals(receiver).await(2).lengths()).containsExactly(1, 2);
            assertThat(port.segments(1)).isEqualTo(segmentation);
        }
    }

    @Test
    void refusesWhatItCouldNotSend() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> port.send(ByteBuffer.allocate(10), 10, port.localAddress()));
            assertThatIllegalArgumentException().isThrownBy(() -> port.send(bytes(10), 0, port.localAddress()));
        }
    }

    @Test
    void sendsPartsOfOneBufferAndOfItsSlices() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            ByteBuffer sent = bytes(1000);
            port.send(sent.limit(400).position(300), 100, port.localAddress());
            port.send(sent.slice(100, 100).position(50), 100, port.localAddress());
            port.send(sent.limit(1000).position(999).asReadOnlyBuffer(), 1, port.localAddress());
            port.flush();
            Arrivals arrivals = new Arrivals(port).await(3);
            byte[] all = array(sent.position(0));
            assertThat(arrivals.datagrams.get(0)).isEqualTo(Arrays.copyOfRange(all, 300, 400));
            assertThat(arrivals.datagrams.get(1)).isEqualTo(Arrays.copyOfRange(all, 150, 200));
            assertThat(arrivals.datagrams.get(2)).containsExactly(all[999]);
        }
    }

    @Test
    void whatTheHandlerDoesToTheBufferHarmsNoOtherDatagram() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            port.send(bytes(30), 10, port.localAddress());
            port.flush();
            port.awaitDatagram(LONG_NANOS);
            assertThat(port.receive()).isEqualTo(3);
            byte[] received = new byte[30];
            int[] count = {0};
            port.handOver((source, datagram) -> {
                datagram.get(received, 10 * count[0]++, datagram.remaining()).limit(0);
            });
            assertThat(received).isEqualTo(array(bytes(30)));
        }
    }

    @Test
    void anAddressInUseIsRefused() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            assertThatThrownBy(() -> LinuxDatagramPort.open(port.localAddress(), TestPorts.loopbackOptions()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void theWildcardAddressHearsAll() throws IOException {
        InetAddress any = TestPorts.address("::");
        try (LinuxDatagramPort port = TestPorts.open(any);
                LinuxDatagramPort v4 = TestPorts.open(LOOPBACK);
                LinuxDatagramPort v6 = TestPorts.open(LOOPBACK_V6)) {
            int number = port.localAddress().getPort();
            v4.send(bytes(4), 4, new InetSocketAddress(LOOPBACK, number));
            v4.flush();
            v6.send(bytes(6), 6, new InetSocketAddress(LOOPBACK_V6, number));
            v6.flush();
            assertThat(new Arrivals(port).await(2).sources).containsExactly(v4.localAddress(), v6.localAddress());
            port.send(bytes(1), 1, v4.localAddress());
            port.flush();
            new Arrivals(v4).await(1);
        }
    }

    @Test
    void tellsTheReceiveBufferAsTheKernelCountsIt() throws IOException {
        PortOptions options = new PortOptions(TestPorts.loopbackOptions().networkInterface(), 1, 0, 100_000);
        try (LinuxDatagramPort port = LinuxDatagramPort.open(new InetSocketAddress(LOOPBACK, 0), options)) {
            assertThat(port.receiveBufferBytes()).isEqualTo(200_000);
        }
    }

    static Stream<Arguments> refusedByTheKernel() throws IOException {
        NetworkInterface loopback = TestPorts.loopbackOptions().networkInterface();
        InetSocketAddress anyPort = new InetSocketAddress(LOOPBACK, 0);
        return Stream.of(
                Arguments.of("multicast TTL", anyPort, new PortOptions(loopback, 300, 0, 0)),
                Arguments.of(
                        "bind address",
                        new InetSocketAddress(TestPorts.address("192.0.2.1"), 0),
                        new PortOptions(loopback, 1, 0, 0)));
    }

    @ParameterizedTest
    @MethodSource("refusedByTheKernel")
    void whatCanNotBeOpenedLeavesNothingOpen(String what, InetSocketAddress bindAddress, PortOptions options)
            throws IOException {
        TestPorts.open(LOOPBACK).close();
        long before = openDescriptors();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> LinuxDatagramPort.open(bindAddress, options))
                    .isInstanceOf(IOException.class);
        }

        assertThat(openDescriptors() - before)
                .as("descriptors left by 20 attempts")
                .isLessThan(20);
    }

    @Test
    void aGroupThatCanNotBeJoinedLeavesNothingOpen() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            long before = openDescriptors();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> port.joinMulticast(new InetSocketAddress(LOOPBACK, 7411)))
                        .isInstanceOf(IOException.class);
            }
            assertThat(openDescriptors() - before)
                    .as("descriptors left by 20 attempts")
                    .isLessThan(20);
        }
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
