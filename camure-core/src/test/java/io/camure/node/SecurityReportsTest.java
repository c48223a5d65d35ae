package io.camure.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.CoordinatorConfig;
import io.camure.Security;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of who was not let into a session, and of who else can get at it. */
class SecurityReportsTest {

    private static final InetSocketAddress BEYOND = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 7400);
    private static final NodeIdentity NODE = new NodeIdentity("orders", new InetSocketAddress("10.0.0.2", 9000), 7);

    private final Logger logger = (Logger) LoggerFactory.getLogger(SecurityReports.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void begin() {
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }

    private static CoordinatorConfig.Builder config() {
        return CoordinatorConfig.builder().name("gate").acceptLegacy(false);
    }

    private List<String> warnings() {
        assertThat(appender.list)
                .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN));
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aSessionThatIsNotSealedSaysSoWhereOthersReachIt() {
        new SecurityReports(config().build()).onStarted(BEYOND);

        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("gate: this session is not sealed")
                .contains("10.0.0.1:7400", "docs/security.md")
                .doesNotContain("accept-legacy");
    }

    @Test
    void ifItLetsInLegacyNodesItSaysThatToo() {
        new SecurityReports(config().acceptLegacy(true).build()).onStarted(BEYOND);

        assertThat(warnings()).singleElement().asString().contains("camure.coordinator.accept-legacy");
    }

    @Test
    void oneThatIsSealedOrThatNobodyElseReachesSaysNothing() {
        new SecurityReports(config().build()).onStarted(LOOPBACK);
        new SecurityReports(config().security(Security.secret(new byte[32])).build()).onStarted(BEYOND);

        assertThat(warnings()).isEmpty();
    }

    @Test
    void whoWasNotLetInIsNamedWithTheRemedy() {
        SecurityReports reports =
                new SecurityReports(config().sessionName("prices").build());
        assertThat(reports.onEvent(new SessionEvent.LegacyRefused(NODE))).isTrue();
        assertThat(reports.onEvent(new SessionEvent.JoinRefused(NODE, "other"))).isTrue();
        assertThat(reports.onEvent(new SessionEvent.GroupTrafficMissing())).isFalse();

        assertThat(warnings()).hasSize(2);
        assertThat(warnings().get(0))
                .startsWith("gate: refused orders (10.0.0.2:9000)")
                .contains("camure.coordinator.accept-legacy", "once a minute");
        assertThat(warnings().get(1))
                .startsWith("gate: refused orders (10.0.0.2:9000)")
                .contains("other", "prices", "camure.session-name", "once a minute");
    }
}
