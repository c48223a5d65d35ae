package io.camure.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a log has of a listener that fails at each message. Its clock is the real one, of which each test takes far less than a minute. */
class ListenerFailuresTest {

    private static final List<Throwable> CAUSES = List.of(
            new IOException(), new EOFException(), new IllegalStateException(), new Error(), new ArithmeticException());

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ListenerFailures failures =
            new ListenerFailures((times, latest) -> lines.add(times + " " + latest.getMessage()));

    @Test
    void eachKindIsLoggedOnceByItsTypeAndThatOfItsFirstCause() {
        for (int i = 0; i < 100; i++) {
            failures.add(new IllegalStateException("a" + i));
            failures.add(new IllegalArgumentException("b" + i));
            failures.add(new IllegalStateException("c" + i, new IOException("d" + i)));
            failures.add(new IllegalStateException("e" + i, new RuntimeException(new IOException("f" + i))));
        }

        assertThat(lines).containsExactly("1 a0", "1 b0", "1 c0");
    }

    /** Who sends messages decides by what a listener fails. */
    @Test
    void whoSendsMessagesCanNotMakeSoManyKindsThatTheLogIsFull() {
        for (Throwable cause : CAUSES) {
            for (int i = 0; i < 10; i++) {
                failures.add(new RuntimeException("a", cause));
                failures.add(new IllegalStateException("b", cause));
                failures.add(new Error("c", cause));
                failures.add(new IllegalCallerException("d", cause));
            }
        }

        assertThat(lines).as("16, and one for all others").hasSize(17);
    }
}
