package io.camure.spring.boot.test.example;

import io.camure.BarrierGroup;
import io.camure.BroadcastGroup;
import io.camure.Round;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

@Component
@Profile("coordinator")
class PriceFeed {

    private final BroadcastGroup prices;
    private final BarrierGroup closing;
    private final JsonMapper json;

    PriceFeed(@Qualifier("prices") BroadcastGroup prices, @Qualifier("closing") BarrierGroup closing, JsonMapper json) {
        this.prices = prices;
        this.closing = closing;
        this.json = json;
    }

    void publish(Price price) throws InterruptedException {
        prices.send(json.writeValueAsBytes(price));
    }

    /** Waits until everybody has seen the last price. */
    Round close() throws InterruptedException {
        return closing.await();
    }
}
