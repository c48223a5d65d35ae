package io.camure.sample;

import java.io.PrintStream;

/** How far a piece of work is, on the console. */
final class Progress {

    enum Style {
        /** One line that is written again and again, and is gone in the end. */
        TERMINAL,
        /** A line halfway and one at the end. */
        PLAIN,
        NONE
    }

    private static final String BACK_TO_AN_EMPTY_LINE = "\r\033[K";

    private final PrintStream console;
    private final Style style;
    private final String work;
    private final long total;
    private long shownPercent;

    Progress(PrintStream console, Style style, String work, long total) {
        this.console = console;
        this.style = style;
        this.work = work;
        this.total = total;
    }

    void onDone(long done) {
        long percent = total == 0 ? 100 : done * 100 / total;
        long step = style == Style.PLAIN ? 50 : 1;
        if (style == Style.NONE || percent < shownPercent + step) {
            return;
        }
        shownPercent = percent - percent % step;
        if (style == Style.PLAIN) {
            console.printf("%s: %d %%%n", work, percent);
        } else if (percent < 100) {
            console.printf("%s%s: %d %%", BACK_TO_AN_EMPTY_LINE, work, percent);
        } else {
            console.print(BACK_TO_AN_EMPTY_LINE);
        }
        console.flush();
    }
}
