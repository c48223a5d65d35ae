package io.camure.spring.boot.test;

import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureFlip;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureReducer;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of those parts of an application that use camure, and of nothing else: sessions and groups from the application's
 * properties, on an in-memory network; components with {@link CamureListener}, {@link CamureReducer} or {@link CamureBarrierAction} methods, or with {@link CamureFlip};
 * error handlers of listeners, message converters and customizers of the sessions; JSON. Other components are left out: add them by {@code @Import}, or replace them by {@code @MockitoBean}.
 *
 * <p>For a test of the whole application use {@code @SpringBootTest} with {@link AutoConfigureCamure}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(CamureTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(CamureTypeExcludeFilter.class)
@AutoConfigureCamure
@ImportAutoConfiguration
public @interface CamureTest {

    /** Properties as {@code key=value}, added to the environment before the test runs. */
    String[] properties() default {};

    /** Whether components are filtered as described above; if not, none are included. */
    boolean useDefaultFilters() default true;

    /** More components to include. */
    ComponentScan.Filter[] includeFilters() default {};

    /** Components to leave out that would be included. */
    ComponentScan.Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
