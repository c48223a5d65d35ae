package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Has a bean hold what all nodes of a group change together, in one step or not at all: settings, rates, feature flags. The coordinator
 * flips it by {@link CamureTemplate#flip}.
 *
 * <pre>{@code
 * @Component
 * @CamureFlip("rates")
 * class CurrentRates {
 *     Prepared prepare(RateTable table) { … }   // what it throws refuses the change, for all nodes
 *     void activate(Prepared next) { … }        // all nodes have prepared it
 *     void discard(Prepared refused) { … }      // one has refused it; may be left out
 * }
 * }</pre>
 *
 * <p>The group is a collective of {@code byte[]} without a reducer, and for nothing else. A method is called at a time, each {@code prepare} that
 * has returned is followed by {@code activate} or {@code discard} of what it has returned, by threads that run callbacks. They should be quick, as
 * all nodes wait for them. A node that joins later prepares and activates what is active in the group. One whose {@code activate}, or
 * then {@code prepare}, throws leaves the group with a logged error rather than have something else active than the others; at the coordinator that ends the group.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(FlipMethodsProcessor.class)
public @interface CamureFlip {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("value")
    String group() default "";
}
