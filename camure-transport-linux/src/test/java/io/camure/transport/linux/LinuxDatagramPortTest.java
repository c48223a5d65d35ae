package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.LOOPBACK_V6;
import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void javasOwnSocketsGetTheDatagramsOfATrain(boolean segmentation) throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK, segmentation);
                DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
            ByteBuffer sent = bytes(2500);
            port.send(sent, 1000, (InetSocketAddress) channel.getLocalAddress());
            port.flush();
            ByteBuffer received = ByteBuffer.allocate(3000);
            for (int end : new int[] {1000, 2000, 2500}) {
                channel.receive(received);
                assertThat(received.position()).isEqualTo(end);
            }
            assertThat(array(received.flip())).isEqualTo(array(sent));
            assertThat(port.datagramsSent()).isEqualTo(3);
            assertThat(port.segmentation()).isEqualTo(segmentation);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 1472, 20_000, 40_000, 65_507})
    void splitsWhatIsMoreThanOneTrainTakes(int datagramBytes) throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            int whole = Math.min(300, 300_000 / datagramBytes);
            ByteBuffer sent = bytes(whole * datagramBytes + datagramBytes / 2);
            sender.send(sent, datagramBytes, receiver.localAddress());
            sender.flush();
            int count = whole + (datagramBytes > 1 ? 1 : 0);
            Arrivals arrivals = new Arrivals(receiver).await(count);
            assertThat(arrivals.lengths().subList(0, whole)).containsOnly(datagramBytes);
            assertThat(arrivals.joined()).isEqualTo(array(sent));
            assertThat(sender.datagramsSent()).isEqualTo(count);
            assertThat(sender.segmentation()).isTrue();
        }
    }

    @Test
    void trainsArriveUncut() throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            sender.send(bytes(44 * 1472), 1472, receiver.localAddress());
            sender.flush();
            receiver.awaitDatagram(LONG_NANOS);
            // More than there are messages in a batch.
            assertThat(receiver.receive()).isEqualTo(44);
        }
    }

    @Test
    void keepsTheOrderOfDatagramsAndTrains() throws IOException {
        try (LinuxDatagramPort sender = TestPorts.open(LOOPBACK);
                LinuxDatagramPort receiver = TestPorts.open(LOOPBACK)) {
            ByteBuffer sent = bytes(100_000);
            int position = 0;
            int count = 0;
            for (int i = 0; i < 100; i++) {
                int length = i % 3 == 0 ? 1700 : 100;
                sender.send(sent.limit(position + length).position(position), 500, receiver.localAddress());
                position += length;
                count += i % 3 == 0 ? 4 : 1;
            }
            sender.flush();
            assertThat(new Arrivals(receiver).await(count).joined()).isEqualTo(array(sent.position(0)));
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

    @Test
    void eachMemberOnAHostHearsTheGroup() throws IOException {
        try (LinuxDatagramPort coordinator = TestPorts.open(LOOPBACK);
                LinuxDatagramPort one = TestPorts.open(LOOPBACK);
                LinuxDatagramPort other = TestPorts.open(LOOPBACK);
                NioDatagramPort java =
                        NioDatagramPort.open(new InetSocketAddress(LOOPBACK, 0), TestPorts.loopbackOptions())) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), freePort());
            one.joinMulticast(group);
            other.joinMulticast(group);
            java.joinMulticast(group);
            ByteBuffer sent = bytes(44 * 1472 + 5);
            coordinator.send(sent, 1472, group);
            coordinator.send(bytes(3), 3, one.localAddress());
            coordinator.flush();
            assertThat(new Arrivals(other).await(45).joined()).isEqualTo(array(sent));
            assertThat(new Arrivals(java).await(45).joined()).isEqualTo(array(sent));
            Arrivals both = new Arrivals(one).await(46);
            assertThat(both.lengths()).containsOnlyOnce(3);
            assertThat(both.sources).containsOnly(coordinator.localAddress());
            assertThat(coordinator.segmentation()).isTrue();
        }
    }

    @Test
    void aGroupThatIsJoinedTwiceIsRefused() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), freePort());
            port.joinMulticast(group);
            assertThatThrownBy(() -> port.joinMulticast(group)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFloodAtOneSocketDoesNotSilenceTheOther() throws IOException {
        try (LinuxDatagramPort member = TestPorts.open(LOOPBACK);
                LinuxDatagramPort sender = TestPorts.open(LOOPBACK, false)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), freePort());
            member.joinMulticast(group);
            for (int i = 0; i < 100; i++) {
                sender.send(bytes(7), 7, member.localAddress());
            }
            sender.send(bytes(1), 1, group);
            sender.flush();
            Arrivals arrivals = new Arrivals(member).take().take();
            assertThat(arrivals.lengths()).contains(1).hasSizeLessThan(101);
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
            assertThat(port.segmentation()).isEqualTo(segmentation);
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

    @Test
    void aWaitEndsWhenItsTimeIsUp() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            for (Duration timeout : new Duration[] {Duration.ofNanos(200_000), Duration.ofMillis(250)}) {
                long startNanos = System.nanoTime();
                port.awaitDatagram(timeout.toNanos());
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                        .isBetween(timeout, timeout.plus(Duration.ofSeconds(5)));
            }
            port.awaitDatagram(0);
            port.awaitDatagram(-1);
        }
    }

    @Test
    void aWakeUpEndsTheNextWaitOnly() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            port.wakeUp();
            port.wakeUp();
            port.awaitDatagram(LONG_NANOS);
            long startNanos = System.nanoTime();
            port.awaitDatagram(1_000_000);
            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(1_000_000);
        }
    }

    @Test
    void aWakeUpEndsAWaitInProgress() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            Waiter waiter = new Waiter(port);
            port.wakeUp();
            waiter.end.get();
        }
    }

    @Test
    void aDatagramEndsAWaitInProgress() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            Waiter waiter = new Waiter(port);
            port.send(bytes(1), 1, port.localAddress());
            port.flush();
            waiter.end.get();
        }
    }

    @Test
    void aWaitInProgressHearsAGroupThatIsJoined() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), freePort());
            Waiter waiter = new Waiter(port);
            port.joinMulticast(group);
            waiter.end.get();
            Waiter second = new Waiter(port);
            port.send(bytes(1), 1, group);
            port.flush();
            second.end.get();
            new Arrivals(port).await(1);
        }
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            Waiter waiter = new Waiter(port);
            waiter.thread.interrupt();
            assertThat(waiter.end.get()).isTrue();
            Thread.currentThread().interrupt();
            port.awaitDatagram(LONG_NANOS);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closingEndsAWaitInProgress() throws Exception {
        LinuxDatagramPort port = TestPorts.open(LOOPBACK);
        Waiter waiter = new Waiter(port);
        port.close();
        waiter.end.get();
        // The number of the port is free again as soon as it is closed.
        LinuxDatagramPort.open(port.localAddress(), TestPorts.loopbackOptions()).close();
    }

    @Test
    void aClosedPortDoesNothing() throws IOException {
        LinuxDatagramPort port = TestPorts.open(LOOPBACK);
        port.send(bytes(25), 10, port.localAddress());
        port.close();
        port.close();
        port.send(bytes(1), 1, port.localAddress());
        port.flush();
        port.wakeUp();
        assertThat(port.sendFailures()).isEqualTo(4);
        assertThat(port.datagramsSent()).isZero();
        assertThatThrownBy(port::receive).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> port.awaitDatagram(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> port.joinMulticast(new InetSocketAddress(TestPorts.address("239.255.77.7"), 7401)))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void whatWasReceivedCanBeHandedOverAfterClosing() throws IOException {
        LinuxDatagramPort port = TestPorts.open(LOOPBACK);
        port.send(bytes(5), 5, port.localAddress());
        port.flush();
        port.awaitDatagram(LONG_NANOS);
        port.receive();
        port.close();
        assertThatCode(() -> port.handOver(
                        (source, datagram) -> assertThat(array(datagram)).isEqualTo(array(bytes(5)))))
                .doesNotThrowAnyException();
    }

    @Test
    void closingAmidTrafficHarmsNobody() throws Exception {
        for (int i = 0; i < 200; i++) {
            LinuxDatagramPort port = TestPorts.open(LOOPBACK);
            CompletableFuture<Void> receiving = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        port.receive();
                        port.awaitDatagram(1_000_000);
                    }
                } catch (ClosedChannelException e) {
                    // Ends as expected.
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            ByteBuffer sent = bytes(100);
            for (int j = 0; j < i; j++) {
                port.send(sent, 10, port.localAddress());
                port.flush();
            }
            port.close();
            receiving.get();
            assertThat(port.sendFailures()).isZero();
        }
    }

    private static int freePort() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(0))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    /** A thread that is known to wait in the kernel. */
    private static final class Waiter {
        /** Whether the thread was interrupted when its wait ended. */
        final CompletableFuture<Boolean> end = new CompletableFuture<>();

        final Thread thread;

        Waiter(LinuxDatagramPort port) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    port.awaitDatagram(LONG_NANOS);
                    end.complete(Thread.currentThread().isInterrupted());
                } catch (Throwable e) {
                    end.completeExceptionally(e);
                }
            });
            await().until(() -> Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("ppoll")));
        }
    }
}
