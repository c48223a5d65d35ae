package com.example.prices;

import io.camure.spring.CamureTemplate;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("coordinator")
class PriceFeed {

    private final CamureTemplate camure;

    PriceFeed(CamureTemplate camure) {
        this.camure = camure;
    }

    /** Answers when every member has the price. */
    @PostMapping("/prices")
    CompletableFuture<String> publish(Price price) {
        return camure.send("prices", price).thenApply(delivered -> "delivered\n");
    }
}
