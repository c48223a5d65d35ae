package io.camure;

import io.camure.runtime.SessionDriver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The waiting for rounds, which is the same at the coordinator and at a member. */
final class RoundWaiter {

    private final SessionDriver driver;
    private final Side side;
    private final Duration timeout;

    /** The round that this node has arrived at and no caller was told the end of. Guarded by the driver's lock. */
    private @Nullable Arrival pending;

    /** What differs between the sides. All but the messages is called under the driver's lock. */
    interface Side {

        /** Arrives at the current round; fails when this node is not in the group. */
        long arrive(long nowNanos);

        long releasedRound();

        int participants();

        List<InetSocketAddress> lostMembers();

        /** Why no more rounds can end, or {@code null} while they can. */
        @Nullable
        CamureException end();

        RoundTimeoutException timedOut(long round, Duration timeout);
    }

    private static final class Arrival {
        final long round;
        final long sinceNanos;

        @Nullable
        Round result;

        Arrival(long round, long sinceNanos) {
            this.round = round;
            this.sinceNanos = sinceNanos;
        }
    }

    RoundWaiter(SessionDriver driver, Side side, Duration timeout) {
        this.driver = driver;
        this.side = side;
        this.timeout = timeout;
    }

    Round await() throws InterruptedException {
        return await(timeout);
    }

    Round await(Duration limit) throws InterruptedException {
        Arrival arrival = arrive();
        long deadlineNanos = driver.nowNanos() + Checks.waitNanos(limit);
        SessionDriver.Outcome outcome = driver.await(() -> takeResult(arrival) || side.end() != null, deadlineNanos);
        return driver.read(nowNanos -> {
            Round result = arrival.result;
            CamureException end = side.end();
            if (result != null) {
                return result;
            } else if (outcome != SessionDriver.Outcome.TIMED_OUT && end != null) {
                throw end;
            }
            throw side.timedOut(arrival.round, limit);
        });
    }

    CompletableFuture<Round> awaitAsync() {
        Arrival arrival;
        try {
            arrival = arrive();
        } catch (CamureException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Round> future = new CompletableFuture<>();
        long deadlineNanos = driver.nowNanos() + timeout.toNanos();
        driver.watch(new SessionDriver.Watcher() {
            @Override
            public boolean check(long nowNanos) {
                if (future.isDone() || !takeResult(arrival) && side.end() == null && nowNanos < deadlineNanos) {
                    return future.isDone();
                }
                Round result = arrival.result;
                CamureException end = side.end();
                // Not by this thread, which holds the lock, and not by that of the listeners, which may take their
                // time.
                if (result != null) {
                    future.completeAsync(() -> result);
                } else {
                    CamureException failure = end != null ? end : side.timedOut(arrival.round, timeout);
                    future.defaultExecutor().execute(() -> future.completeExceptionally(failure));
                }
                return true;
            }

            @Override
            public long deadlineNanos() {
                return deadlineNanos;
            }
        });
        return future;
    }

    private Arrival arrive() {
        return driver.execute(nowNanos -> {
            Arrival current = pending;
            if (current == null) {
                current = new Arrival(side.arrive(nowNanos), nowNanos);
                pending = current;
            }
            return current;
        });
    }

    /** Whether the round has ended; several threads may wait for the same one, of which the first ends the arrival. */
    private boolean takeResult(Arrival arrival) {
        if (arrival.result == null && side.releasedRound() >= arrival.round) {
            Round result = new Round(
                    arrival.round,
                    side.participants(),
                    Duration.ofNanos(driver.nowNanos() - arrival.sinceNanos),
                    side.lostMembers());
            arrival.result = result;
            if (pending == arrival) {
                pending = null;
            }
        }
        return arrival.result != null;
    }
}
