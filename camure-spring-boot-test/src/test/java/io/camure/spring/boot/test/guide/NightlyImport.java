package io.camure.spring.boot.test.guide;

import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

@Component
class NightlyImport {

    private final List<String> done = new CopyOnWriteArrayList<>();

    @CamureBarrier(group = "phase", when = When.AFTER)
    void load() {
        done.add("loaded");
    }

    @CamureBarrier(group = "phase", when = When.AFTER)
    void aggregate() {
        done.add("aggregated");
    }

    List<String> done() {
        return List.copyOf(done);
    }
}
