package io.camure.spring.listener;

import io.camure.spring.method.AsyncType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;

/**
 * Calls of a listener's method, each of which is over when its result has come, and made again when it has failed, as the policy
 * says.
 */
final class ListenerInvocation {

    private final ListenerTarget target;
    private final @Nullable AsyncType async;
    private final @Nullable RetryTemplate retry;

    /**
     * @param async how results come, {@code null} when they are there when the method returns
     * @param retry {@code null} to call once
     */
    ListenerInvocation(ListenerTarget target, @Nullable AsyncType async, @Nullable RetryPolicy retry) {
        this.target = target;
        this.async = async;
        this.retry = retry == null ? null : new RetryTemplate(retry);
    }

    void invoke(@Nullable Object[] arguments) throws Exception {
        if (retry == null) {
            invokeOnce(arguments);
            return;
        }
        try {
            retry.execute(() -> {
                invokeOnce(arguments);
                return true;
            });
        } catch (RetryException e) {
            throw causeOf(e);
        }
    }

    private void invokeOnce(@Nullable Object[] arguments) throws Exception {
        Object result = target.invoke(arguments);
        if (async != null && result != null) {
            await(async.completion(result));
        }
    }

    private static void await(CompletableFuture<?> completion) throws Exception {
        try {
            completion.get();
        } catch (InterruptedException e) {
            completion.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
    }

    private static Exception causeOf(Exception e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof Exception cause ? cause : e;
    }
}
