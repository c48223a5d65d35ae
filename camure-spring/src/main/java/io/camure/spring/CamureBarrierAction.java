package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Has a method of a bean run in each round of a collective of {@code camure.groups} in which values are reduced, after all nodes have
 * arrived and before any of them goes on:
 *
 * <pre>{@code
 * @CamureBarrierAction("progress")
 * Progress publish(Progress ofAll) { … }
 * }</pre>
 *
 * <p>One node runs it, the coordinator's, at most for the timeout of the group. All nodes get what it returns, or, if it returns
 * nothing, the reduced value itself; what it throws breaks the round for everyone. At other nodes it is not called, so that it
 * may be the same application everywhere. On a bean, or the method that makes it, the bean is a
 * {@link java.util.function.UnaryOperator} that does the same.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface CamureBarrierAction {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("value")
    String group() default "";
}
