package io.camure.traces;

import io.camure.Barrier;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import io.camure.test.support.JavaProcess;
import io.micrometer.tracing.exporter.SpanReporter;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application that says in a line when it is ready, with the port of its server, and which spans have ended. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({TracedNode.Steps.class, TracedNode.Worker.class})
public class TracedNode {

    static final String READY = "ready ";
    static final String SPAN = "span ";

    private static final Duration LONGEST = Duration.ofSeconds(30);

    public static void main(String... arguments) {
        JavaProcess.endWithParent();
        SpringApplication.run(TracedNode.class, arguments);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> ready() {
        return event -> System.out.println(
                READY + event.getApplicationContext().getEnvironment().getProperty("local.server.port", "0"));
    }

    @Bean
    SpanReporter spans() {
        return span -> System.out.println(SPAN + span.getTraceId() + " " + span.getName());
    }

    /** Has all workers make a step, on request. */
    @RestController
    @ConditionalOnProperty(name = "camure.role", havingValue = "coordinator")
    static class Steps {

        private final CamureTemplate camure;
        private final Barrier done;

        Steps(CamureTemplate camure, Barrier done) {
            this.camure = camure;
            this.done = done;
        }

        @PostMapping("/steps")
        String step() throws InterruptedException {
            camure.send("work", "step");
            return "round " + done.await(LONGEST).number();
        }
    }

    /** Makes it, and says so by the round. */
    @ConditionalOnProperty(name = "camure.role", havingValue = "member")
    static class Worker {

        private final Barrier done;

        Worker(Barrier done) {
            this.done = done;
        }

        @CamureListener(group = "work")
        void onStep(String step) throws InterruptedException {
            done.await(LONGEST);
        }
    }
}
