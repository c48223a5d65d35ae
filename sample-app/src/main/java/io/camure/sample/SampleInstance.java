package io.camure.sample;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Member;
import io.camure.Round;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * One of equal instances: meets the others until it is ended, whichever of them coordinates. Tells after each round how it goes, in a
 * line for {@code ./demo --auto}: term, coordinator, rounds since the start, rounds in this term, the longest time in milliseconds
 * from one round to the next, and a dot, so that a line that is whole can be told.
 */
@Component
@Profile("auto")
class SampleInstance implements ApplicationRunner {

    /** Between two looks whether there is a session again. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Member member;
    private final Barrier startLine;
    private final SampleProperties properties;
    private final PrintStream console = System.out;
    private volatile boolean ending;

    /** Of the last round; 0 before the first one. */
    private long term;

    private long lastNanos;
    private long rounds;
    private long roundsOfTerm;
    private long longestNanos;

    SampleInstance(Member member, @Qualifier("start-line") Barrier startLine, SampleProperties properties) {
        this.member = member;
        this.startLine = startLine;
        this.properties = properties;
    }

    @EventListener(ContextClosedEvent.class)
    void end() {
        ending = true;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        long workMillis = properties.work().toMillis();
        while (!ending) {
            Thread.sleep(workMillis / 2 + ThreadLocalRandom.current().nextLong(workMillis + 1));
            try {
                onRound(startLine.await());
            } catch (CamureException e) {
                // Nobody coordinates just now; another one will.
                console.println("- - " + rounds + " 0 0 .");
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private void onRound(Round round) {
        long nowNanos = System.nanoTime();
        if (round.term() != term) {
            term = round.term();
            roundsOfTerm = 0;
        }
        if (rounds > 0) {
            longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
        }
        lastNanos = nowNanos;
        rounds++;
        roundsOfTerm++;
        console.printf(
                "%d %s %d %d %d .%n",
                term,
                member.coordinator().name(),
                rounds,
                roundsOfTerm,
                Duration.ofNanos(longestNanos).toMillis());
    }
}
