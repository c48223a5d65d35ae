package io.camure.spring.boot.test;

import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestNetwork;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.boot.test.context.PropertyMapping.Skip;

/**
 * Has the sessions of the application under test run on an in-memory network of its own, with a scripted coordinator for each
 * session that the application is a member of. For {@code @SpringBootTest}; part of {@link CamureTest}.
 *
 * <p>Beans for tests: the {@link CamureTestNetwork}, the {@link CamureTestCoordinator}s, a {@link CamureListenerHarness} and
 * {@link CamureTestEvents}. After each test method the network is repaired, peers that the method made are closed, and
 * what was recorded is forgotten.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping(value = "camure.test", skip = Skip.ON_DEFAULT_VALUE)
public @interface AutoConfigureCamure {

    /** What faults of the network are drawn from; the property {@code camure.test.seed}. */
    long seed() default 0;

    /** How long the kit's waiting methods wait at most, such as {@code 30s}; the property {@code camure.test.timeout}. */
    String timeout() default "30s";

    /**
     * Whether there is a scripted coordinator for each session that the application is a member of, with the groups that the
     * application wants to join; the property {@code camure.test.coordinators}.
     */
    boolean coordinators() default true;
}
