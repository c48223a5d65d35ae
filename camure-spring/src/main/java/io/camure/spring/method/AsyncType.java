package io.camure.spring.method;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * A type of results that come later than the method returns, and how something is done before and after them without a thread
 * that waits. Those are Java's stages and, with Reactor, all that Spring's {@link ReactiveAdapterRegistry} knows.
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

    /** That of what a method declares to return; {@code null} when its results are there when it returns. */
    static @Nullable AsyncType of(Class<?> type) {
        if (CompletionStage.class.isAssignableFrom(type)) {
            return FutureType.INSTANCE;
        }
        ReactiveAdapter adapter = Reactor.PRESENT ? Reactor.adapter(type) : null;
        return adapter == null ? null : new ReactiveType(adapter);
    }

    /** Why something can't be done before or after results of a type, as in {@code it returns Future, which …}, or {@code null}. */
    static @Nullable String refusal(Class<?> type) {
        if (CompletionStage.class.isAssignableFrom(type)) {
            return type.isAssignableFrom(CompletableFuture.class) ? null : "which is a future of its own kind";
        }
        ReactiveAdapter adapter = Reactor.adapter(type);
        if (adapter != null && !type.isAssignableFrom(adapter.getReactiveType())) {
            return "which is a special " + adapter.getReactiveType().getSimpleName();
        } else if (!Reactor.PRESENT && (adapter != null || Reactor.isPublisher(type))) {
            return "for which reactor-core has to be on the class path";
        }
        return Future.class.isAssignableFrom(type) ? "which does not tell when it is complete" : null;
    }

    /** Whether a method is Kotlin's {@code suspend}, which the compiler gives one more parameter. */
    static boolean isSuspending(Class<?>... parameters) {
        return parameters.length > 0
                && parameters[parameters.length - 1].getName().equals("kotlin.coroutines.Continuation");
    }
}
