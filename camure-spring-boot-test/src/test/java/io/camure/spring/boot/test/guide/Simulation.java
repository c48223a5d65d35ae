package io.camure.spring.boot.test.guide;

import io.camure.Barrier;
import io.camure.RoundBrokenException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

@Component
class Simulation {

    private final Barrier step;
    private int completed;

    Simulation(@Qualifier("step") Barrier step) {
        this.step = step;
    }

    /** Gives back how many steps all nodes have made together. */
    int run(int steps) throws InterruptedException {
        try {
            for (completed = 0; completed < steps; completed++) {
                step.await(Duration.ofSeconds(30));
                // ... what all nodes begin with on the same instant
            }
        } catch (RoundBrokenException e) {
            System.out.println("stopped in step " + completed + ", without " + e.missingMembers());
        }
        return completed;
    }
}
