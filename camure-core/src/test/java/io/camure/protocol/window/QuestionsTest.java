package io.camure.protocol.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When somebody who was asked again and again could have answered twice. An answer takes 10 here. */
class QuestionsTest {

    private static final long ANSWER_NANOS = 10;

    private final Questions questions = new Questions();

    private void askAt(long... times) {
        for (long nowNanos : times) {
            questions.onAsked(nowNanos, ANSWER_NANOS);
        }
    }

    private boolean couldBeAnswered(long sinceNanos, long nowNanos) {
        return questions.couldBeAnswered(sinceNanos, ANSWER_NANOS, nowNanos);
    }

    @Test
    void whoWasNotAskedTwiceCouldNotAnswerTwice() {
        assertThat(couldBeAnswered(0, 1000)).isFalse();
        askAt(100);
        assertThat(couldBeAnswered(0, 1000)).isFalse();
    }

    @Test
    void theSecondAnswerHasItsTime() {
        askAt(100, 200);
        assertThat(couldBeAnswered(0, 209)).isFalse();
        assertThat(couldBeAnswered(0, 210)).isTrue();
    }

    @Test
    void aThirdQuestionDoesNotTakeAwayWhatTheSecondWas() {
        askAt(100, 200, 300);
        assertThat(couldBeAnswered(0, 301)).isTrue();
    }

    @Test
    void questionsInQuickSuccessionAreOne() {
        askAt(100, 103, 106, 109);
        assertThat(couldBeAnswered(0, 1000)).isFalse();
        askAt(110);
        assertThat(couldBeAnswered(0, 120)).isTrue();
    }

    @Test
    void onlyWhatWasAskedSinceCounts() {
        askAt(100, 200, 300);
        assertThat(couldBeAnswered(200, 310)).isTrue();
        assertThat(couldBeAnswered(201, 310)).isFalse();
    }
}
