package io.camure.spring.boot.test.guide;

import io.camure.Collective;
import io.camure.Outcome;
import io.camure.Round;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

@Component
class Migration {

    private final Collective<Long> schema;

    Migration(@Qualifier("schema") Collective<Long> schema) {
        this.schema = schema;
    }

    /** Whether all nodes understand the schema that a migration makes; each says which is the latest that it does. */
    boolean mayStart(long understood, long target) throws InterruptedException {
        Outcome<Long> least = schema.allReduce(understood);
        Round round = least.round();
        System.out.println(round.size() + " nodes understand version " + least.value() + ": " + round.participants());
        return least.value() >= target;
    }
}
