package io.camure.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A type of results that come later than the method returns, and how something is done before and after them without a thread
 * that waits. Those are Java's stages and, with Reactor, all that Spring's {@link org.springframework.core.ReactiveAdapterRegistry} knows.
 */
public interface AsyncType {

    /** A call of the method. */
    interface Call {

        /** @param waited what was waited for has brought */
        @Nullable
        Object proceed(Object waited) throws Throwable;
    }

    /** What follows on a result. */
    interface Next {

        /**
         * What is to be over before the result is given on. What it throws is what comes out.
         *
         * @param value the result; {@code null} also when there is none, or several
         */
        CompletableFuture<?> wait(@Nullable Object value);

        /**
         * What is given on, where there is one result.
         *
         * @param waited what was waited for has brought
         */
        @Nullable
        Object result(@Nullable Object value, Object waited);
    }

    /**
     * @param wait what is to be over before the method is called; brings something
     * @param call may be made several times, if its result is asked for several times
     * @return the result of the method
     */
    Object before(Supplier<CompletableFuture<?>> wait, Call call);

    /**
     * @param next what is to be over before the result is; brings something
     * @return the result, but later; a failure is not waited with
     */
    Object after(Next next, @Nullable Object result);

    /** Whether there is one result at most. */
    boolean hasOneResult();

    /** Completes when the result has come, whatever it is; has it begin if nobody has asked for it so far. */
    CompletableFuture<?> completion(Object result);
}
