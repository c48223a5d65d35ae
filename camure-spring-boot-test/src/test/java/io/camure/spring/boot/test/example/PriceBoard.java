package io.camure.spring.boot.test.example;

import io.camure.spring.CamureListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("member")
class PriceBoard {

    private final Map<String, Price> latest = new ConcurrentHashMap<>();

    @CamureListener(group = "prices")
    void onPrice(Price price) {
        if (price.amount().signum() < 0) {
            throw new IllegalArgumentException("negative: " + price);
        }
        latest.put(price.symbol(), price);
    }

    Optional<Price> latest(String symbol) {
        return Optional.ofNullable(latest.get(symbol));
    }
}
