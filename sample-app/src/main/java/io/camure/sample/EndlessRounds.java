package io.camure.sample;

import io.camure.Barrier;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Rounds with some work before each, as in an application, so that there is something to see. */
@Component
class EndlessRounds {

    private final Barrier startLine;
    private final SampleProperties properties;

    EndlessRounds(@Qualifier("start-line") Barrier startLine, SampleProperties properties) {
        this.startLine = startLine;
        this.properties = properties;
    }

    /** Returns at once unless rounds are to go on, and otherwise when the session ends, by an exception. */
    void run() throws InterruptedException {
        long workMillis = properties.work().toMillis();
        while (properties.endless()) {
            // A half more or less.
            Thread.sleep(workMillis / 2 + ThreadLocalRandom.current().nextLong(workMillis + 1));
            startLine.await(properties.patience());
        }
    }
}
