package io.camure.spring.round;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.RoundBrokenEvent;
import io.camure.spring.round.RoundRecord.Outcome;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.SessionContext;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What belongs around the calls of a barrier's bean: rounds that are waited for are recorded, and futures handed over. */
public final class RoundCalls {

    private final GroupContext group;
    private final RoundRecord rounds;

    public RoundCalls(GroupContext group, RoundRecord rounds) {
        this.group = group;
        this.rounds = rounds;
    }

    public RoundRecord rounds() {
        return rounds;
    }

    /** All methods that {@link Barrier} itself has wait for a round. */
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        if (method.getDeclaringClass() != Barrier.class) {
            return call.proceed();
        }
        long startNanos = System.nanoTime();
        try {
            Object result = call.proceed();
            if (result instanceof CompletableFuture<?> future) {
                return group.session()
                        .callbacks()
                        .handOver(future, (round, failure) -> record(startNanos, round, failure));
            }
            record(startNanos, result, null);
            return result;
        } catch (Throwable e) {
            record(startNanos, null, e);
            throw e;
        }
    }

    /** Interrupts and cancellations are not counted: the round goes on, and so may the wait. */
    private void record(long startNanos, @Nullable Object result, @Nullable Throwable failure) {
        if (result instanceof Round round) {
            rounds.onCompleted(round);
        } else if (failure instanceof CamureException) {
            rounds.onIncomplete(
                    failure instanceof CamureTimeoutException ? Outcome.TIMEOUT : Outcome.FAILED,
                    Duration.ofNanos(System.nanoTime() - startNanos));
            if (failure instanceof RoundBrokenException broken && rounds.onBroken(broken.round())) {
                SessionContext session = group.session();
                session.publish(new RoundBrokenEvent(session.sessionName(), session.name(), group.name(), broken));
            }
        }
    }
}
