package io.camure.spring.boot.test.guide;

import io.camure.Collective;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

@Component
class Report {

    private final Collective<Long> turnover;

    Report(@Qualifier("turnover") Collective<Long> turnover) {
        this.turnover = turnover;
    }

    /** The turnover of all nodes, by each node's own orders, in cents. */
    long of(List<Long> ownOrders) throws InterruptedException {
        long own = ownOrders.stream().mapToLong(Long::longValue).sum();
        return turnover.allReduce(own).value();
    }
}
