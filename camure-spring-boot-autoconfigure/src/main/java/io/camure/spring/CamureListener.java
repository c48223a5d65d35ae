package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Has a method of a bean called with each message of a broadcast group that this member has joined.
 *
 * <pre>{@code
 * @CamureListener(group = "prices")
 * void onPrice(Price price) { … }
 * }</pre>
 *
 * <p>The method takes one argument and returns nothing. The argument is the content as {@code byte[]}, as {@link String} in
 * UTF-8, as {@link java.io.InputStream} or {@link io.camure.Message}, which can be read while the message arrives and so may
 * be larger than memory, or as an object of any other type, read from JSON if the application has Jackson.
 *
 * <p>Messages come one after the other, in order, on one thread for each listener. A slow listener holds the sender back. What
 * the method throws is counted in the meter {@code camure.listener} and logged, and the next message is taken. A group has
 * one listener in an application. Listeners start after the session and stop before it.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface CamureListener {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> placeholders. */
    @AliasFor("value")
    String group() default "";
}
