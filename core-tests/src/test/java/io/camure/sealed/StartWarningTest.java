package io.camure.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Security;
import io.camure.test.CamureTestNetwork;
import io.camure.test.support.Loopback;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Who runs a session in clear that others can reach is told so, once. */
class StartWarningTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.camure.node");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    private List<String> warnings() {
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("not sealed"))
                .toList();
    }

    @Test
    void aSessionInClearThatOthersCanReachSaysSoOnce() throws Exception {
        try (CamureTestNetwork network = CamureTestNetwork.create()) {
            network.startCoordinator();
            network.joinMember("one");
            network.joinMember("two");
        }
        assertThat(warnings()).singleElement().asString().contains("coordinator", "10.74.", "docs/security.md");
    }

    @Test
    void aSealedOneAndOneOnLoopbackDoNot() {
        try (CamureTestNetwork network = CamureTestNetwork.create()) {
            network.session().security(Security.secret(new byte[32])).startCoordinator();
        }
        try (Coordinator coordinator = loopback.coordinator(CoordinatorConfig.builder())) {
            assertThat(coordinator.isOpen()).isTrue();
        }
        assertThat(warnings()).isEmpty();
    }
}
