package io.camure.spring.boot.test.example;

import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.spring.CamureTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("coordinator")
class PriceFeed {

    private final CamureTemplate template;
    private final CoordinatorBarrier closing;

    PriceFeed(CamureTemplate template, @Qualifier("closing") CoordinatorBarrier closing) {
        this.template = template;
        this.closing = closing;
    }

    void publish(Price price) {
        template.send("prices", price);
    }

    /** Waits until everybody has seen the last price. */
    Round close() throws InterruptedException {
        return closing.await();
    }
}
