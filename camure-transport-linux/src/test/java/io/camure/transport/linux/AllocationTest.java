package io.camure.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.camure.transport.DatagramHandler;
import io.camure.transport.DatagramPort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No garbage per datagram: neither for the datagram nor for where it came from. */
@EnabledOnOs(OS.LINUX)
class AllocationTest {

    private static final int WARM_UP_TURNS = 30_000;
    private static final int TURNS = 100_000;
    private static final int SENDERS = 5;

    /** Whatever the virtual machine itself does in the meantime. */
    private static final long NEARLY_NOTHING_BYTES = 10_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(64);
    private final ByteBuffer train = ByteBuffer.allocateDirect(10_000);
    private long handedOver;
    private final DatagramHandler handler = (source, received) -> handedOver += source.getPort() > 0 ? 1 : 0;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void turnsLeaveNoGarbage(String literal) throws IOException {
        InetAddress address = TestPorts.address(literal);
        DatagramPort[] senders = new DatagramPort[SENDERS];
        try (DatagramPort receiver = TestPorts.open(address)) {
            for (int i = 0; i < SENDERS; i++) {
                senders[i] = TestPorts.open(address);
            }
            turns(WARM_UP_TURNS, receiver, senders);
            long before = threads.getCurrentThreadAllocatedBytes();
            handedOver = 0;
            turns(TURNS, receiver, senders);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(NEARLY_NOTHING_BYTES);
            assertThat(handedOver).isEqualTo(12L * TURNS);
        } finally {
            for (DatagramPort sender : senders) {
                if (sender != null) {
                    sender.close();
                }
            }
        }
    }

    /** Each has a datagram and a train of ten there, an answer back, and looks at empty sockets. */
    private void turns(int turns, DatagramPort receiver, DatagramPort[] senders) throws IOException {
        for (int i = 0; i < turns; i++) {
            DatagramPort sender = senders[i % SENDERS];
            InetSocketAddress destination = receiver.localAddress();
            sender.send(datagram, 64, destination);
            sender.send(train, 1000, destination);
            sender.flush();
            receiver.awaitDatagram(1_000_000_000);
            while (receiver.receive() > 0) {
                receiver.handOver(handler);
            }
            receiver.send(datagram, 64, sender.localAddress());
            receiver.flush();
            sender.wakeUp();
            sender.awaitDatagram(1_000_000_000);
            while (sender.receive() > 0) {
                sender.handOver(handler);
            }
        }
    }
}
