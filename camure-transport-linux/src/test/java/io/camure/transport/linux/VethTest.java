package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.array;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import org.slf4j.LoggerFactory;

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
            assertThat(coordinator.segments(datagramBytes)).isTrue();
            assertThat(coordinator.sendFailures()).isZero();
        }
    }

    @Test
    void nothingIsLostWhenDatagramsAreLongerThanTheMtu() throws Exception {
        NetworkNamespaces.run("ip", "-n", hosts.one, "link", "set", NetworkNamespaces.INTERFACE, "mtu", "1280");
        arrivesFrom(false);
    }

    @ParameterizedTest
    @CsvSource({
        // To the group by the interface, to one node by the route.
        "239.255.77.7, 1400, 1500, 1372",
        "10.77.0.2, 1500, 1400, 1372",
        "fd00:77::2, 1500, 1400, 1352",
    })
    void aWarningTellsWhichDatagramsCouldLeaveAsTrains(String destination, int mtu, int mtuOfRoute, int fitting)
            throws Exception {
        NetworkNamespaces.run(
                "ip", "-n", hosts.one, "link", "set", NetworkNamespaces.INTERFACE, "mtu", String.valueOf(mtu));
        for (String other : new String[] {"10.77.0.2/32", "fd00:77::2/128"}) {
            NetworkNamespaces.run(("ip -n " + hosts.one + " route add " + other + " dev " + NetworkNamespaces.INTERFACE
                            + " mtu " + mtuOfRoute)
                    .split(" "));
        }
        Logger logger = (Logger) LoggerFactory.getLogger(Segmentation.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        String local = destination.contains(":") ? "fd00:77::1" : "10.77.0.1";
        try (LinuxDatagramPort port = open(hosts.one, local)) {
            InetSocketAddress target = new InetSocketAddress(TestPorts.address(destination), 7401);
            NetworkNamespaces.in(hosts.one, () -> {
                port.send(bytes(3 * 1472), 1472, target);
                port.send(bytes(3 * 1472), 1472, target);
                port.send(bytes(3 * fitting), fitting, target);
                port.flush();
                return null;
            });

            assertThat(appender.list)
                    .singleElement()
                    .satisfies(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .asString()
                    .contains("camure.coordinator.chunk-size", "to at most " + fitting + " bytes");
            assertThat(port.segments(1472)).isFalse();
            assertThat(port.segments(fitting)).isTrue();
            assertThat(port.sendFailures()).isZero();
        } finally {
            logger.detachAppender(appender);
        }
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
                assertThat(coordinator.segments(1472)).isEqualTo(segmentation);
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
