package io.camure.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Does its work as the coordinator, as a member, or as one of equal instances, whichever profile is active. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SampleApplication {

    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class, args);
        // With a web server it stays, so that one can look at its health and its metrics.
        if (!(context instanceof WebServerApplicationContext)) {
            context.close();
        }
    }
}
