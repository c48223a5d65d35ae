package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams of one size that leave and arrive by one system call. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class TrainTest {

    private static final long LONG_NANOS = Duration.ofSeconds(50).toNanos();

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
            assertThat(port.segments(1)).isEqualTo(segmentation);
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
            assertThat(sender.segments(datagramBytes)).isTrue();
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
}
