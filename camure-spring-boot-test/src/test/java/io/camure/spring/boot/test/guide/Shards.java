package io.camure.spring.boot.test.guide;

import io.camure.Collective;
import io.camure.Outcome;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

@Component
class Shards {

    private final Collective<Boolean> shards;

    Shards(@Qualifier("shards") Collective<Boolean> shards) {
        this.shards = shards;
    }

    /** Of the work of a step, what is this node's; all nodes begin the step together. */
    List<Integer> ownOf(List<Integer> customers) throws InterruptedException {
        Outcome<Boolean> begun = shards.agree(true);
        int rank = begun.round().rank();
        int size = begun.round().size();
        return customers.stream()
                .filter(customer -> Math.floorMod(customer, size) == rank)
                .toList();
    }
}
