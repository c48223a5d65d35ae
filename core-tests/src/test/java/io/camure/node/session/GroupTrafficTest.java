package io.camure.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.protocol.base.SessionEvent;
import io.camure.test.support.FaultyPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a member's log tells while group traffic is missing. */
class GroupTrafficTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(GroupTraffic.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private FaultyPort port;
    private GroupTraffic traffic;

    @BeforeEach
    void begin() throws IOException {
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        PortOptions options = new PortOptions(NetworkInterface.getByInetAddress(loopback), 0, 0, 0);
        port = new FaultyPort(NioDatagramPort.open(new InetSocketAddress(loopback, 0), options));
        traffic = new GroupTraffic("orders", new InetSocketAddress(loopback, 7400), port);
    }

    @AfterEach
    void end() throws IOException {
        logger.detachAppender(appender);
        logger.setLevel(null);
        port.close();
    }

    private void fail(String why) {
        port.failRenewals(() -> {
            throw new IOException(why);
        });
    }

    private void miss(int times) {
        for (int i = 0; i < times; i++) {
            traffic.onEvent(new SessionEvent.GroupTrafficMissing());
        }
    }

    private List<String> told() {
        List<String> told = appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
        appender.list.clear();
        return told;
    }

    @Test
    void anInterfaceThatIsDownForDaysIsToldOfEverLessOften() {
        fail("No such device");
        miss(1);
        assertThat(told()).singleElement().asString().contains("WARN orders: can't join", ": No such device.");
        miss(10_000);

        assertThat(told()).hasSize(13).last().asString().contains("after 8192 tries: No such device");
    }

    @Test
    void anotherReasonAndTheEndAreTold() {
        fail("No such device");
        miss(100);
        told();
        fail("Network is down");
        miss(1);
        assertThat(told()).singleElement().asString().contains("WARN", "Network is down");
        miss(10);
        told();
        port.failRenewals(null);
        miss(10);
        assertThat(told()).singleElement().asString().contains("INFO", "joined the multicast address again");
        fail("Network is down");
        miss(1);

        assertThat(told()).singleElement().asString().contains("WARN", "Network is down");
    }
}
