package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A port that is closed while it is in use, and afterwards. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class ClosingTest {

    private static final long LONG_NANOS = Duration.ofSeconds(50).toNanos();

    @Test
    void closingEndsAWaitInProgress() throws Exception {
        LinuxDatagramPort port = TestPorts.open(LOOPBACK);
        WaitingThread waiter = new WaitingThread(port);
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
}
