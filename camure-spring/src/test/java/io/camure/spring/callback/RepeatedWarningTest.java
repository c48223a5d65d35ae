package io.camure.spring.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often something is told that happens again and again. */
class RepeatedWarningTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final List<String> lines = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - MINUTE / 2;
    private @Nullable Runnable due;
    private long dueNanos;
    private final RepeatedWarning warning = new RepeatedWarning(
            (times, why) -> lines.add(times + " " + (why == null ? null : why.getMessage())),
            () -> nowNanos,
            (task, delayNanos) -> {
                assertThat(due).isNull();
                due = task;
                dueNanos = nowNanos + delayNanos;
            });

    private void add(String why) {
        warning.add(new IllegalStateException(why));
    }

    private void waitForWhatIsDue() {
        Runnable task = due;
        assertThat(task).isNotNull();
        nowNanos = dueNanos;
        due = null;
        task.run();
    }

    @Test
    void theFirstIsToldAtOnceAndTheOthersOfAMinuteTogether() {
        long startNanos = nowNanos;
        add("a");
        assertThat(lines).containsExactly("1 a");
        nowNanos += MINUTE / 3;
        add("b");
        nowNanos += MINUTE / 3;
        add("c");
        assertThat(lines).hasSize(1);
        waitForWhatIsDue();
        assertThat(lines).containsExactly("1 a", "2 c");
        assertThat(nowNanos - startNanos).isEqualTo(MINUTE);
    }

    @Test
    void aMinuteOfSilenceMakesTheNextOneTheFirst() {
        add("a");
        nowNanos += MINUTE;
        add("b");
        assertThat(lines).containsExactly("1 a", "1 b");
        assertThat(due).isNull();
    }

    @Test
    void whatIsKeptIsToldAtTheEnd() {
        warning.add(null);
        warning.add(null);
        warning.tell();
        assertThat(lines).containsExactly("1 null", "1 null");
        waitForWhatIsDue();
        assertThat(lines).hasSize(2);
    }
}
