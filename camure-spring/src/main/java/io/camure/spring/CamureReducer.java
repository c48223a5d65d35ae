package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Has a method of a bean make one of two values that nodes give in a collective of {@code camure.groups}:
 *
 * <pre>{@code
 * @CamureReducer("progress")
 * Progress merge(Progress one, Progress other) { … }
 * }</pre>
 *
 * <p>The coordinator's node alone calls it, in the order of the ranks, at most for the timeout of the group; what it throws breaks the
 * round for everyone. It has to be associative. All nodes of the group need a reducer of the same {@link #name}.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface CamureReducer {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("value")
    String group() default "";

    /** What nodes compare, so that all of a group reduce alike. Default: the name of the method. */
    String name() default "";
}
