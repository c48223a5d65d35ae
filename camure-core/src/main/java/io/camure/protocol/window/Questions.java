package io.camure.protocol.window;

/**
 * When a receiver was asked for an answer lately. Any question or answer may get lost, so that nobody is blamed who was not
 * asked twice and had the time to answer both.
 *
 * <p>Questions that follow one another more closely than an answer takes count as the first of them.
 */
final class Questions {

    /** Before any time, and so that no difference of times overflows. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private long lastNanos = NEVER;
    private long lastButOneNanos = NEVER;
    private long lastButTwoNanos = NEVER;

    /** @param answerNanos how long an answer may take */
    void onAsked(long nowNanos, long answerNanos) {
        if (nowNanos - lastNanos >= answerNanos) {
            lastButTwoNanos = lastButOneNanos;
            lastButOneNanos = lastNanos;
            lastNanos = nowNanos;
        }
    }

    /** Whether two questions were asked since then that could be answered until now. */
    boolean couldBeAnswered(long sinceNanos, long answerNanos, long nowNanos) {
        boolean lastToo = nowNanos - lastNanos >= answerNanos;
        return (lastToo ? lastButOneNanos : lastButTwoNanos) >= sinceNanos;
    }
}
