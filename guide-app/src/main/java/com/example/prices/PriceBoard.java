package com.example.prices;

import io.camure.spring.CamureListener;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("member")
class PriceBoard {

    @CamureListener(group = "prices")
    void onPrice(Price price) {
        System.out.println(price.symbol() + " is at " + price.amount());
    }
}
