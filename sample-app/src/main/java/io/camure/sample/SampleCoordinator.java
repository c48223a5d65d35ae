package io.camure.sample;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.Round;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Meets the members, sends them a file, and runs barrier rounds with them once they have it. */
@Component
@Profile("coordinator")
class SampleCoordinator implements ApplicationRunner {

    private final Coordinator coordinator;
    private final Barrier startLine;
    private final FileSender sender;
    private final HealthReport health;
    private final EndlessRounds endlessRounds;
    private final SampleProperties properties;

    SampleCoordinator(
            Coordinator coordinator,
            @Qualifier("start-line") Barrier startLine,
            FileSender sender,
            HealthReport health,
            EndlessRounds endlessRounds,
            SampleProperties properties) {
        this.coordinator = coordinator;
        this.startLine = startLine;
        this.sender = sender;
        this.health = health;
        this.endlessRounds = endlessRounds;
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
        Path file = Objects.requireNonNull(properties.file(), "sample.file: the coordinator needs a file to send");
        requireAll(startLine.await());
        FileSender.Delivery delivery = sender.send(file);
        // Members come here when they have stored the file and found its digest to be right.
        requireAll(startLine.await(properties.patience()));
        long[] roundNanos = runRounds();

        new Results(properties.members(), delivery, roundNanos).print(System.out);
        health.print(coordinator.name(), System.out);
        // Nobody leaves before all have looked at their health.
        startLine.await();
        endlessRounds.run();
    }

    private long[] runRounds() throws InterruptedException {
        Progress progress = new Progress(System.out, properties.progress(), "barrier rounds", properties.rounds());
        long[] roundNanos = new long[properties.rounds()];
        for (int i = 0; i < roundNanos.length; i++) {
            long begunNanos = System.nanoTime();
            Round round = startLine.await();
            roundNanos[i] = System.nanoTime() - begunNanos;
            requireAll(round);
            progress.onDone(i + 1);
        }
        return roundNanos;
    }

    /** A barrier goes on without members that are lost, but here all are to pass it. */
    private void requireAll(Round round) {
        int nodes = properties.members() + 1;
        if (round.size() != nodes) {
            throw new IllegalStateException("round " + round.number() + " was passed by " + round.size()
                    + " nodes instead of " + nodes + "; lost: " + round.lostMembers());
        }
    }
}
