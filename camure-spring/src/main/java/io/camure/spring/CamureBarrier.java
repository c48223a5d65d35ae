package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes callers of a method wait at a barrier of {@code camure.groups}, before or after the call, or give a value in a collective and get
 * its outcome: {@link #contribute}.
 *
 * <pre>{@code
 * @CamureBarrier(group = "phase", timeout = "30s")
 * public void compute() { … }
 * }</pre>
 *
 * <p>The caller gets what {@link io.camure.Barrier#await} throws. If that happens before the call, the method is not called. An
 * interrupted caller stays interrupted and gets a {@link io.camure.CamureException}. When the method throws, its caller does not
 * wait after it, and this node does not arrive.
 *
 * <p>Around a method that returns a {@link java.util.concurrent.CompletableFuture} or, with Reactor, anything that Spring's
 * {@link org.springframework.core.ReactiveAdapterRegistry} knows, nobody waits: before the call, the method is called when all
 * have arrived, and after it, this node arrives when the result is there. What begins only when it is subscribed to arrives then,
 * each time anew. With any other result, a caller that is an event loop of Reactor gets an {@link IllegalStateException}.
 *
 * <p>The wait is done by a proxy around the bean, outside of others such as that of a transaction. So calls within the bean don't
 * wait, and the method must be neither private nor final. If the method is also {@code @Async}, the thread that executes it
 * waits, not its caller. With {@code camure.enabled=false} nobody waits.
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

    /** The longest wait, as {@code 30s} or {@code PT30S}; may have placeholders. Default: the timeout of the group. */
    String timeout() default "";

    /** When to wait. */
    When when() default When.BEFORE;

    /**
     * SpEL: what this node gives in a collective, where values are reduced ({@link io.camure.Collective#allReduce}). The arguments of the
     * method are variables, with {@link When#AFTER} its result is {@code #result}, which of a future or a {@code Mono} is what that brings;
     * the bean is the root, and other beans are {@code @name}. Required if the group is a collective.
     *
     * <p>A parameter of the method that is an {@link io.camure.Outcome} gets the outcome with {@link When#BEFORE}, whatever its caller
     * gives; with {@code camure.enabled=false} it gets that. With {@link When#AFTER} see {@link #replaceResult}.
     */
    String contribute() default "";

    /** Whether the caller gets what the collective has made of the values in place of what the method has returned. With {@link When#AFTER}. */
    boolean replaceResult() default false;

    /** When to wait. */
    enum When {
        /** Before the call: the method is called once all nodes have arrived. */
        BEFORE,
        /** After the call: the caller goes on once all nodes have arrived. */
        AFTER
    }
}
