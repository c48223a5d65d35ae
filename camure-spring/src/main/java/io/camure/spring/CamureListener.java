package io.camure.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
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
 * void onPrice(Price price, @Header(CamureHeaders.SEQUENCE) long sequence) { … }
 * }</pre>
 *
 * <p>The method returns nothing, or a {@link java.util.concurrent.CompletableFuture} or, with Reactor, what Spring's
 * {@link org.springframework.core.ReactiveAdapterRegistry} knows, as a {@code Mono}: then the next message follows when that has
 * completed, and its failure is that of the method. One parameter takes the content: as {@code byte[]}, as {@link String} in UTF-8, as
 * {@link java.io.InputStream} or {@link io.camure.Message}, which can be read while the message arrives and so may be larger
 * than memory, or as an object of any other type, which a {@link org.springframework.messaging.converter.MessageConverter} of
 * the application makes, or Jackson from JSON; or it is a {@link org.springframework.messaging.Message} of such content. With
 * {@code @Valid} or {@code @Validated} the object is validated. Others may be
 * {@link org.springframework.messaging.handler.annotation.Header}s: those of {@link CamureHeaders}, and those that the sender has given the
 * message, the standard ones by their names in {@link io.camure.Headers}.
 *
 * <p>A bean with such methods is made when the application starts, even if it is lazy. In a scope of its own, the bean that is
 * current is called; the application does not start if there can be none, as of a prototype.
 *
 * <p>Messages come one after the other, in order, on one thread for each listener; with {@code spring.threads.virtual.enabled}
 * that is a virtual one, unless the method reads a stream. A slow listener holds the sender back, unless {@link #onFull} says
 * otherwise. What the method throws goes to the {@link #errorHandler}, and the next message is taken. A group may have several
 * listeners, each with an {@link #id} of its own; then each has a thread of its own, too. Listeners start after the session and stop before it.
 *
 * <p>May be put on a method several times, for several groups, and on an annotation of the application.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(CamureListeners.class)
@MessageMapping
public @interface CamureListener {

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> and <code>#{…}</code>. */
    @AliasFor("group")
    String value() default "";

    /** The name of the group as in {@code camure.groups}; may have <code>${…}</code> and <code>#{…}</code>. */
    @AliasFor("value")
    String group() default "";

    /** What {@link CamureListenerEndpointRegistry} calls the listener; the group's name unless told. May have placeholders. */
    String id() default "";

    /** Whether it starts with the application, {@code true} or {@code false}; may have placeholders. */
    String autoStartup() default "true";

    /**
     * The name of a bean that is a {@link CamureListenerErrorHandler} and is told what the method throws; may have
     * placeholders. Without one it is logged.
     */
    String errorHandler() default "";

    /**
     * How many messages wait in memory for the method to be ready; may have placeholders. With 0 the next one is taken when
     * the method has returned, which needs neither memory nor a second thread.
     */
    String queueCapacity() default "0";

    /**
     * The name of a bean that is a {@link org.springframework.core.retry.RetryPolicy}: how often, and after which pauses, the
     * method is called again with a message with which it has failed, before the failure goes to the {@link #errorHandler}. The
     * next message waits meanwhile. A message that can't be converted is not tried again. May have placeholders; not for
     * methods that read a stream. Without it the method is called once.
     */
    String retry() default "";

    /**
     * Where it listens, so that an application may be the same at all nodes: {@code member} passes this listener over where this
     * application is not a member, and {@code coordinator} where it is a member that can't coordinate. Where the coordinator is elected
     * ({@code camure.role: auto}), what decides is who coordinates when a message comes: with {@code coordinator} only that node's
     * listener gets it, with {@code member} those of all others. {@code any}, or nothing, is wherever messages come; a coordinator that is
     * no member does not start with such a listener. May have placeholders.
     */
    String role() default "";

    /**
     * What happens when a message finds the queue full. {@link OnFull#LATEST} has a queue of its own; anything else but
     * {@link OnFull#WAIT} needs a {@link #queueCapacity}.
     */
    OnFull onFull() default OnFull.WAIT;

    /**
     * An expression in SpEL; a message for which it is false is passed over. Its root is the
     * {@link org.springframework.messaging.Message} with its headers and, as its payload, what the method takes; the method's
     * arguments are variables:
     * {@code #price.amount > 100} for a parameter {@code price}. The content is converted only for a condition that looks at it:
     * {@code headers['type'] == 'rate'} passes over what could not be. What it throws is a
     * {@link org.springframework.messaging.MessagingException} of the listener.
     */
    String condition() default "";

    /**
     * What happens when a message finds the queue full. What is dropped is counted, {@link CamureListenerEndpoint#dropped}, and
     * logged: the first time at once, then at most once a minute.
     */
    enum OnFull {
        /** The message waits, and so do those behind it: the sender is slowed down. */
        WAIT,
        /** The message that comes is dropped: the listener gets what came first, however old. */
        DROP_NEWEST,
        /** The message that has waited longest is dropped for the one that comes: the listener gets what is new, with gaps. */
        DROP_OLDEST,
        /**
         * Only the newest message waits: one that comes takes its place. For values and frames that are worth nothing once there
         * is a newer one. The queue has room for one message, so that {@link #queueCapacity} is left out.
         */
        LATEST,
        /** This member leaves the group, and the listener stops; see {@link ListenerQueueFullException}. */
        FAIL
    }
}
