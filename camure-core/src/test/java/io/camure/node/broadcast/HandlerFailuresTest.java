package io.camure.node.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a log has of a handler that fails at each message. */
class HandlerFailuresTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final List<Throwable> CAUSES = List.of(
            new IOException(), new EOFException(), new IllegalStateException(), new Error(), new ArithmeticException());

    private final Logger logger = (Logger) LoggerFactory.getLogger(HandlerFailures.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final HandlerFailures failures = new HandlerFailures();

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

    private void fail(Throwable failure, long nowNanos) {
        failures.onFailure("broadcast prices", failure, nowNanos);
    }

    private List<String> lines() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE - 1000, Long.MIN_VALUE, -1})
    void itIsLoggedWithItsTraceOnceAMinuteAndThenHowOftenItHasHappened(long startNanos) {
        for (int i = 0; i < 100; i++) {
            fail(new IllegalStateException("no such price"), startNanos + i);
        }
        fail(new IllegalStateException("no such price"), startNanos + MINUTE - 1);
        assertThat(lines()).containsExactly("broadcast prices: the handler of a message has failed");
        assertThat(appender.list.get(0).getThrowableProxy().getMessage()).isEqualTo("no such price");

        fail(new IllegalStateException("no such price"), startNanos + MINUTE);
        fail(new IllegalStateException("no such price"), startNanos + MINUTE + 1);
        fail(new IllegalStateException("no such price"), startNanos + 2 * MINUTE);
        assertThat(lines())
                .containsExactly(
                        "broadcast prices: the handler of a message has failed",
                        "broadcast prices: the handler of a message has failed; so it has on 100 others since that was"
                                + " last logged",
                        "broadcast prices: the handler of a message has failed; so it has on 1 others since that was"
                                + " last logged");
    }

    @Test
    void eachKindIsLoggedByItselfByItsTypeAndThatOfItsFirstCause() {
        for (int i = 0; i < 10; i++) {
            fail(new IllegalStateException("a" + i), i);
            fail(new IllegalArgumentException("b" + i), i);
            fail(new IllegalStateException("c" + i, new IOException("d" + i)), i);
            fail(new IllegalStateException("e" + i, new RuntimeException(new IOException("f" + i))), i);
        }
        assertThat(appender.list)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("a0", "b0", "c0");
    }

    /** Who sends messages decides by what a handler fails. */
    @Test
    void whoSendsMessagesCanNotMakeSoManyKindsThatTheLogIsFull() {
        for (Throwable first : CAUSES) {
            for (Throwable second : CAUSES) {
                fail(new RuntimeException(first.getClass().getName(), second), 1);
                fail(new IllegalStateException(first.getClass().getName(), second), 1);
                fail(new Error(first.getClass().getName(), second), 1);
                fail(new IllegalCallerException(first.getClass().getName(), second), 1);
            }
        }
        assertThat(lines()).as("16, and one for all others").hasSize(17);
    }
}
