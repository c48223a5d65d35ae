package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.transport.NioDatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Group traffic, which comes by a socket of its own. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class MulticastTest {

    @Test
    void eachMemberOnAHostHearsTheGroup() throws IOException {
        try (LinuxDatagramPort coordinator = TestPorts.open(LOOPBACK);
                LinuxDatagramPort one = TestPorts.open(LOOPBACK);
                LinuxDatagramPort other = TestPorts.open(LOOPBACK);
                NioDatagramPort java =
                        NioDatagramPort.open(new InetSocketAddress(LOOPBACK, 0), TestPorts.loopbackOptions())) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), TestPorts.freePort());
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
            assertThat(coordinator.segments(1472)).isTrue();
        }
    }

    @Test
    void aGroupThatIsJoinedTwiceIsRefused() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), TestPorts.freePort());
            port.joinMulticast(group);
            assertThatThrownBy(() -> port.joinMulticast(group)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFloodAtOneSocketDoesNotSilenceTheOther() throws IOException {
        try (LinuxDatagramPort member = TestPorts.open(LOOPBACK);
                LinuxDatagramPort sender = TestPorts.open(LOOPBACK, false)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), TestPorts.freePort());
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

    @Test
    void aWaitInProgressHearsAGroupThatIsJoined() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), TestPorts.freePort());
            WaitingThread waiter = new WaitingThread(port);
            port.joinMulticast(group);
            waiter.end.get();
            WaitingThread second = new WaitingThread(port);
            port.send(bytes(1), 1, group);
            port.flush();
            second.end.get();
            new Arrivals(port).await(1);
        }
    }
}
