package io.camure.spring.boot.test.slice;

import io.camure.spring.CamureReducer;
import org.springframework.stereotype.Component;

@Component
class Totals {

    @CamureReducer("total")
    String join(String one, String other) {
        return one + other;
    }
}
