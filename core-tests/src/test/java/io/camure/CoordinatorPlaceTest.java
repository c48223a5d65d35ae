package io.camure;

import static io.camure.test.support.Loopback.anyPort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.node.CoordinatorNode;
import io.camure.test.CamureTestNetwork;
import io.camure.test.support.Loopback;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Addresses that nobody has to write, and what a start says of those that it has. */
class CoordinatorPlaceTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Logger logger = (Logger) LoggerFactory.getLogger(CoordinatorNode.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void begin() {
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private List<String> logged(Level level) {
        return appender.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static CoordinatorConfig.Builder config() {
        return CoordinatorConfig.builder().name("gate");
    }

    /** Where multicast can leave to other machines. */
    private static NetworkInterface anotherThanLoopback() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(each -> {
                    try {
                        return each.isUp() && each.supportsMulticast() && !each.isLoopback();
                    } catch (SocketException e) {
                        return false;
                    }
                })
                .filter(each -> each.inetAddresses().anyMatch(address -> address.getAddress().length == 4))
                .findFirst()
                .orElse(null);
    }

    @Test
    void aSessionWorksWithoutAMulticastAddress() throws Exception {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(anyPort(), config().build()));
        Coordinator other = loopback.closeLater(
                Coordinator.start(anyPort(), config().sessionName("other").build()));
        Member member = loopback.member(coordinator);

        Loopback.round(
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build()),
                List.of(member.joinBarrier(0, Loopback.LONG)));

        assertThat(coordinator.multicastAddress()).isNotEqualTo(other.multicastAddress());
        assertThat(logged(Level.INFO))
                .first()
                .asString()
                .contains("127.0.0.1:" + coordinator.address().getPort() + " (for nodes on this machine only)")
                .contains(" (from the session's name and port)");
        assertThat(logged(Level.WARN)).isEmpty();
    }

    @Test
    void aSessionWorksWithoutAnyAddress() throws Exception {
        try (CamureTestNetwork network = CamureTestNetwork.create();
                Coordinator coordinator =
                        Coordinator.start(config().network(network.host("gate")).build());
                Member member = Member.join(
                        CoordinatorLocator.of(network.host("gate").address().getHostAddress(), 7400),
                        MemberConfig.builder().network(network.host("orders")).build())) {
            Loopback.round(
                    coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build()),
                    List.of(member.joinBarrier(0, Loopback.LONG)));

            assertThat(coordinator.address())
                    .isEqualTo(new InetSocketAddress(network.host("gate").address(), 7400));
            assertThat(logged(Level.INFO)).first().asString().contains(":7400 (the address with the default route)");
        }
    }

    @Test
    void aStartTellsHowLongDatagramsAreAndWhy() {
        loopback.coordinator(config());

        assertThat(logged(Level.INFO))
                .first()
                .asString()
                .containsPattern(", chunks of 1472 bytes \\(\\w+ has an MTU of \\d+\\)$");
    }

    @Test
    void whatIsGivenIsNotExplained() {
        loopback.coordinator(config());

        assertThat(logged(Level.INFO)).first().asString().contains("group traffic to 239.255.74.0:7411 by ");
        assertThat(logged(Level.WARN)).isEmpty();
    }

    @Test
    void theWildcardIsWarnedOf() throws Exception {
        InetSocketAddress wildcard = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
        loopback.closeLater(Coordinator.start(
                wildcard,
                config().networkInterface("127.0.0.1").transport(Transport.NIO).build()));

        assertThat(logged(Level.WARN))
                .singleElement()
                .asString()
                .contains("gate: ", "wildcard address 0.0.0.0", "transport nio", "camure.coordinator.bind-address");
    }

    /** As Debian has it of the machine's own name. */
    @Test
    void aHostNameThatStandsForLoopbackIsWarnedOf() throws Exception {
        InetAddress named = InetAddress.getByAddress("orders-7", new byte[] {127, 0, 0, 1});
        loopback.closeLater(Coordinator.start(new InetSocketAddress(named, 0), config().build()));

        assertThat(logged(Level.WARN))
                .singleElement()
                .asString()
                .contains("gate: only nodes on this machine can join, since orders-7 is 127.0.0.1 here")
                .contains("camure.coordinator.bind-address");
    }

    @Test
    void whatIsAdvertisedIsTold() throws Exception {
        Coordinator coordinator = loopback.coordinator(
                config().advertisedAddress(new InetSocketAddress(InetAddress.getByName("203.0.113.7"), 0)));

        assertThat(logged(Level.INFO))
                .first()
                .asString()
                .contains(", advertised as 203.0.113.7:" + coordinator.address().getPort() + ", group traffic");
    }

    @Test
    void anInterfaceWithoutTheBindAddressIsWarnedOf() throws Exception {
        NetworkInterface other = anotherThanLoopback();
        assumeTrue(other != null, "this machine has nothing but loopback");
        InetAddress bound = other.inetAddresses()
                .filter(address -> address.getAddress().length == 4)
                .findFirst()
                .orElseThrow();
        loopback.closeLater(Coordinator.start(
                new InetSocketAddress(bound, 0),
                config().networkInterface("127.0.0.1").build()));

        assertThat(logged(Level.WARN))
                .singleElement()
                .asString()
                .contains("which does not have the bind address " + bound.getHostAddress());
    }
}
