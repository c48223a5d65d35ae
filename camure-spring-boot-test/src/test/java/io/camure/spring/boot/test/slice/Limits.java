package io.camure.spring.boot.test.slice;

import io.camure.spring.CamureFlip;
import org.springframework.stereotype.Component;

@Component
@CamureFlip("held-limits")
class Limits {

    String prepare(String value) {
        return value;
    }

    void activate(String prepared) {}
}
