package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.camure.test.support.Loopback;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A message that was written and not completed is not lost in silence. */
class UnfinishedMessageTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Logger logger = (Logger) LoggerFactory.getLogger(MessageWriter.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private BroadcastGroup group;

    @BeforeEach
    void begin() {
        appender.start();
        logger.addAppender(appender);
        group = loopback.coordinator().createBroadcast(Loopback.GROUP);
    }

    @AfterEach
    void end() {
        logger.detachAppender(appender);
    }

    private List<String> warnings() {
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void isLoggedOnceWithWhatToCall() throws Exception {
        MessageWriter writer = group.newMessage();
        writer.write(new byte[10]);
        writer.close();
        writer.close();

        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(group.toString(), "10 bytes", "complete()", "abandon()", "send(MessageSource)");
        assertThat(group.messagesSent()).isZero();
    }

    @Test
    void isNotLoggedWhenItWasCompletedOrAbandonedOrNothingWasWritten() throws Exception {
        try (MessageWriter completed = group.newMessage()) {
            completed.write(new byte[10]);
            completed.complete();
        }
        try (MessageWriter abandoned = group.newMessage()) {
            abandoned.write(new byte[10]);
            abandoned.abandon();
        }
        group.newMessage().close();

        assertThat(warnings()).isEmpty();
        assertThat(group.messagesSent()).isEqualTo(1);
    }

    @Test
    void isNotLoggedWhenTheSourceOrTheSendingHasFailed() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> group.send(message -> {
                    message.write(new byte[10]);
                    throw new IOException("the disk is gone");
                }));
        MessageWriter writer = group.newMessage();
        group.close();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> writer.write(new byte[10_000]));
        writer.close();

        assertThat(warnings()).isEmpty();
    }
}
