package io.camure.spring.boot.test.slice;

import io.camure.spring.CamureBarrierAction;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;

@Component
@CamureBarrierAction("total")
class Publication implements UnaryOperator<String> {

    @Override
    public String apply(String ofAll) {
        return ofAll;
    }
}
