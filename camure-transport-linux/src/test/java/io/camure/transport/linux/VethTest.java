package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From one host to another, which loopback hides much of. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class VethTest {

    private static final int TRAIN_BYTES = 44 * 1472 + 5;

    private NetworkNamespaces hosts;

    @BeforeEach
    void connect() throws Exception {
        hosts = new NetworkNamespaces();
    }

    @AfterEach
    void disconnect() throws Exception {
        if (hosts != null) {
            hosts.delete();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.77.0.1, 10.77.0.2, 239.255.77.7, 1472",
        "fd00:77::1, fd00:77::2, ff12::77:7, 1452",
        "fd00:77::1, fd00:77::2, ff15::77:7, 1452"
    })
    void aMemberHearsTrainsToItselfAndToTheGroup(String one, String other, String group, int datagramBytes)
            throws Exception {
        try (LinuxDatagramPort coordinator = open(hosts.one, one);
                LinuxDatagramPort member = open(hosts.other, other)) {
            InetSocketAddress groupAddress = new InetSocketAddress(TestPorts.address(group), 7401);
            join(hosts.other, member, groupAddress);
            // The other host's address is found out before the first train, which would otherwise wait for it.
            member.send(bytes(1), 1, coordinator.localAddress());
            member.flush();
            new Arrivals(coordinator).await(1);
            for (InetSocketAddress destination : new InetSocketAddress[] {member.localAddress(), groupAddress}) {
                ByteBuffer sent = bytes(TRAIN_BYTES);
                coordinator.send(sent, datagramBytes, destination);
                coordinator.flush();
                int count = (TRAIN_BYTES + datagramBytes - 1) / datagramBytes;
                Arrivals arrivals = new Arrivals(member).await(count);
                assertThat(arrivals.joined()).isEqualTo(array(sent));
                assertThat(arrivals.sources).containsOnly(coordinator.localAddress());
            }
            assertThat(coordinator.segmentation()).isTrue();
            assertThat(coordinator.sendFailures()).isZero();
        }
    }

    @Test
    void nothingIsLostWhenDatagramsAreLongerThanTheMtu() throws Exception {
        NetworkNamespaces.run("ip", "-n", hosts.one, "link", "set", NetworkNamespaces.INTERFACE, "mtu", "1280");
        arrivesFrom(false);
    }

    @Test
    void theKernelCutsWhereTheInterfaceDoesNot() throws Exception {
        offload("tx-udp-segmentation", "off");
        arrivesFrom(true);
    }

    @Test
    void nothingIsLostWithoutChecksumOffload() throws Exception {
        offload("tx-checksum-ip-generic", "off");
        // Kernels differ in whether they refuse that.
        arrivesFrom(null);
    }

    private void offload(String feature, String setting) throws Exception {
        assumeTrue(NetworkNamespaces.succeeds("ethtool", "--version"), "ethtool is not installed");
        NetworkNamespaces.run(
                "ip", "netns", "exec", hosts.one, "ethtool", "-K", NetworkNamespaces.INTERFACE, feature, setting);
    }

    /** @param segmentation whether it is still in use afterwards; {@code null} for either */
    private void arrivesFrom(Boolean segmentation) throws Exception {
        try (LinuxDatagramPort coordinator = open(hosts.one, "10.77.0.1");
                LinuxDatagramPort member = open(hosts.other, "10.77.0.2")) {
            InetSocketAddress group = new InetSocketAddress(TestPorts.address("239.255.77.7"), 7401);
            join(hosts.other, member, group);
            ByteBuffer sent = bytes(TRAIN_BYTES);
            ByteBuffer first = bytes(7);
            coordinator.send(first, 7, group);
            coordinator.send(sent, 1472, group);
            coordinator.send(sent, 1472, group);
            coordinator.send(first, 7, group);
            coordinator.flush();
            Arrivals arrivals = new Arrivals(member).await(92);
            ByteBuffer all = ByteBuffer.allocate(2 * TRAIN_BYTES + 14)
                    .put(array(first))
                    .put(array(sent))
                    .put(array(sent))
                    .put(array(first));
            assertThat(arrivals.joined()).isEqualTo(all.array());
            assertThat(coordinator.sendFailures()).isZero();
            assertThat(coordinator.datagramsSent()).isEqualTo(92);
            if (segmentation != null) {
                assertThat(coordinator.segmentation()).isEqualTo(segmentation);
            }
        }
    }

    private static LinuxDatagramPort open(String namespace, String address) throws Exception {
        return NetworkNamespaces.in(
                namespace,
                () -> LinuxDatagramPort.open(
                        new InetSocketAddress(TestPorts.address(address), 0),
                        TestPorts.options(NetworkNamespaces.INTERFACE)));
    }

    private static void join(String namespace, LinuxDatagramPort port, InetSocketAddress group) throws Exception {
        NetworkNamespaces.in(namespace, () -> {
            port.joinMulticast(group);
            return null;
        });
    }
}
