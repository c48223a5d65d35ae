package io.camure.spring.boot.test;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sessions of tests run; see {@link AutoConfigureCamure}.
 *
 * @param seed What faults of the network are drawn from.
 * @param timeout How long the kit's waiting methods wait at most.
 * @param coordinators Whether there is a scripted coordinator for each session that the application is a member of.
 */
@ConfigurationProperties("camure.test")
record CamureTestProperties(
        @DefaultValue("0") long seed,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("true") boolean coordinators) {}
