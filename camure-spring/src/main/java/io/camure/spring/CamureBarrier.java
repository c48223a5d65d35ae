package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Has the caller of a method wait at a barrier of {@code camure.groups}, before or after the call.
 *
 * <pre>{@code
 * @CamureBarrier(group = "phase", timeout = "30s")
 * public void compute() { … }
 * }</pre>
 *
 * <p>What {@link io.camure.Barrier#await} throws the caller gets, and before the call the method is not called then; an
 * interrupted caller stays interrupted and gets a {@link io.camure.CamureException}. After a method that throws nobody waits, and
 * this node does not arrive.
 *
 * <p>Works by a proxy of the bean, outside of others such as that of a transaction: calls within the bean do not wait, and the
 * method must neither be private nor final. Of a method that is asynchronous as well, by {@code @Async}, the thread that executes
 * it waits, and not its caller. With {@code camure.enabled=false} nobody waits.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface CamureBarrier {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("value")
    String group() default "";

    /** How long to wait at most, as {@code 30s} or {@code PT30S}; may have placeholders. As the group says unless told. */
    String timeout() default "";

    /** When to wait. */
    When when() default When.BEFORE;

    /** When to wait. */
    enum When {
        /** Until all are there, then the method is called. */
        BEFORE,
        /** When the method has returned, until all are there. */
        AFTER
    }
}
