package io.camure.spring.boot.test.slice;

import org.springframework.stereotype.Component;

@Component
@HeldTogether
class Rates {

    String prepare(String value) {
        return value;
    }

    void activate(String prepared) {}
}
