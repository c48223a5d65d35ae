package io.camure.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.camure.MemberConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a node's log tells where nobody is on the class path who can examine the network. */
class SelfExaminationTest {

    private static final InetSocketAddress COORDINATOR = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7400);

    private final Logger logger = (Logger) LoggerFactory.getLogger(SelfExamination.class);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            told.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void begin() {
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private static void notLetIn(String name) {
        SelfExamination.onNotLetIn(
                COORDINATOR, MemberConfig.builder().name(name).build());
    }

    private String next() throws InterruptedException {
        return told.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void whatToRunIsToldOnce() throws InterruptedException {
        notLetIn("alone");
        assertThat(next()).startsWith("alone: it was not let into").contains("'camure-doctor check 127.0.0.1:7400'");
        notLetIn("alone");
        notLetIn("another");

        assertThat(next()).startsWith("another: ");
        assertThat(told).isEmpty();
    }

    @Test
    void aNodeThatIsClosedIsNotLookedInto() throws InterruptedException {
        MemberConfig config = MemberConfig.builder().name("closed").build();
        SelfExamination examination = new SelfExamination("closed", Ports.execution(config.network()));
        examination.close();
        examination.onGroupTrafficMissing(COORDINATOR, config);
        notLetIn("open");

        assertThat(next()).startsWith("open: ");
    }
}
