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
        @Nullable
        Object proceed() throws Throwable;
    }

    /**
     * @param wait what is to be over before the method is called
     * @param call may be made several times, if its result is asked for several times
     * @return the result of the method
     */
    Object before(Supplier<CompletableFuture<?>> wait, Call call);

    /**
     * @param wait what is to be over before the result is
     * @return the same result, but later; a failure is not waited with
     */
    Object after(Supplier<CompletableFuture<?>> wait, @Nullable Object result);

    /** Completes when the result has come, whatever it is; has it begin if nobody has asked for it so far. */
    CompletableFuture<?> completion(Object result);
}
