package io.camure.spring.round;

import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.RoundBrokenEvent;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.SessionContext;
import io.camure.spring.round.RoundRecord.Outcome;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What belongs around the calls of a bean that wait for rounds: these are recorded, and futures handed over. */
public final class RoundCalls {

    private final GroupContext group;
    private final RoundRecord rounds;
    private final Class<?> type;
    private final Results results;

    /** What calls give back. */
    public interface Results {

        /** A call has given back what a round has brought: says which round. By the thread that waited, or that runs callbacks. */
        @Nullable
        Round roundOf(Method method, Object result);

        /** A round that was waited for has ended for all before it was complete. Told once for each. */
        default void onBroken(RoundBrokenException cause) {}
    }

    /** @param type all methods that it has itself wait for a round */
    public RoundCalls(GroupContext group, RoundRecord rounds, Class<?> type, Results results) {
        this.group = group;
        this.rounds = rounds;
        this.type = type;
        this.results = results;
    }

    public RoundRecord rounds() {
        return rounds;
    }

    /** Makes a call, and records the round that it has waited for, if it has. */
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        if (method.getDeclaringClass() != type) {
            return call.proceed();
        }
        long startNanos = System.nanoTime();
        try {
            Object result = call.proceed();
            if (result instanceof CompletableFuture<?> future) {
                return group.session()
                        .callbacks()
                        .handOver(future, (ended, failure) -> record(method, startNanos, ended, failure));
            }
            record(method, startNanos, result, null);
            return result;
        } catch (Throwable e) {
            record(method, startNanos, null, e);
            throw e;
        }
    }

    /** Interrupts and cancellations are not counted: the round goes on, and so may the wait. */
    private void record(Method method, long startNanos, @Nullable Object result, @Nullable Throwable failure) {
        Round round = result == null ? null : results.roundOf(method, result);
        if (round != null) {
            rounds.onCompleted(round);
        } else if (failure instanceof CamureException) {
            rounds.onIncomplete(
                    failure instanceof CamureTimeoutException ? Outcome.TIMEOUT : Outcome.FAILED,
                    Duration.ofNanos(System.nanoTime() - startNanos));
            if (failure instanceof RoundBrokenException broken && rounds.onBroken(broken.round())) {
                results.onBroken(broken);
                SessionContext session = group.session();
                session.publish(new RoundBrokenEvent(session.sessionName(), session.name(), group.name(), broken));
            }
        }
    }
}
