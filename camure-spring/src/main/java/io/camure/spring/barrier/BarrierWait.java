package io.camure.spring.barrier;

import io.camure.spring.CamureBarrier.When;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.method.AsyncType;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a caller of a method has to wait for.
 *
 * @param point nothing when barriers are disabled
 * @param async how the method's results come, {@code null} when they are there when it returns
 * @param ownThread whether the method has a thread of its own, which waits
 * @param failures tells what nobody asks for, nothing when barriers are disabled
 * @param contribution what the caller gives, {@code null} when that is nothing
 */
record BarrierWait(
        @Nullable MeetingPoint point,
        When when,
        @Nullable AsyncType async,
        boolean ownThread,
        @Nullable UnaskedFailures failures,
        @Nullable Contribution contribution) {

    static BarrierWait none(When when) {
        return new BarrierWait(null, when, null, false, null, null);
    }

    /** Gives back a result for the caller, who may forget about it: a method that was not called is not to go unnoticed. */
    @Nullable
    Object watch(Method method, @Nullable Object result) {
        return result instanceof CompletableFuture<?> future && failures != null && point != null
                ? failures.watch(
                        point.group(), method.getDeclaringClass().getSimpleName() + "." + method.getName(), future)
                : result;
    }
}
