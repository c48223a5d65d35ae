package com.example.prices;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.Round;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Makes one step after the other, each at the same instant on all nodes. */
@Component
class Steps {

    private final Barrier step;

    Steps(@Qualifier("step") Barrier step) {
        this.step = step;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void next() {
        try {
            Round round = step.await();
            System.out.println("step " + round.number() + " of " + round.size() + " nodes");
        } catch (CamureException e) {
            System.out.println("no step: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the application ends
        }
    }
}
