package io.camure.node.barrier;

import io.camure.CamureException;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.RoundTimeoutException;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.LongWaits;
import io.camure.node.group.Nodes;
import io.camure.protocol.barrier.RoundBreak;
import io.camure.protocol.barrier.RoundOutcome;
import io.camure.protocol.base.Checks;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.Watcher;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The waiting for rounds, which is the same at the coordinator and at a member. */
final class RoundWaiter {

    private final SessionDriver driver;
    private final FutureExecutor executor;
    private final Side side;
    private final LongWaits waits;
    private final Duration timeout;

    /** The round that this node has arrived at and that has not ended. Guarded by the driver's lock. */
    private @Nullable Arrival pending;

    /** The last one, to be used again when nobody needs it any more. Guarded by the driver's lock. */
    private Arrival last = new Arrival();

    /** What differs between the sides. All but the messages is called under the driver's lock. */
    interface Side {

        /** Arrives at the current round; fails when this node is not in the group. */
        long arrive(long nowNanos);

        /** How the last round at which this node arrived has ended. */
        RoundOutcome outcome();

        /** In which term the coordinator was elected; 0 when nobody has elected it. Needs no lock. */
        long term();

        /** Why no more rounds can end, or {@code null} while they can. */
        @Nullable
        CamureException end();

        RoundTimeoutException timedOut(long round, Duration timeout);

        /** What the log tells while a caller waits for a round. */
        LongWaits.Notice notice(long round);

        /** Whether to tell of futures, too: this side knows whom they wait for. */
        boolean tellsOfFutures();

        /** What the barrier is called in messages. */
        String name();
    }

    /** An arrival, and what has come of it. Several threads may wait for the same one. */
    private final class Arrival implements BooleanSupplier {
        final AtomicInteger users = new AtomicInteger();
        long round;
        long sinceNanos;
        boolean ended;
        long durationNanos;
        int participants;
        List<NodeIdentity> lostMembers = List.of();
        final Supplier<LongWaits.Notice> notice = () -> side.notice(round);

        @Nullable
        RoundBreak broken;

        /** Whether there is nothing more to wait for. */
        @Override
        public boolean getAsBoolean() {
            RoundOutcome outcome = side.outcome();
            if (!ended && outcome.round() >= round) {
                ended = true;
                // A member may have been told meanwhile that it takes part from a later one on.
                round = outcome.round();
                durationNanos = driver.nowNanos() - sinceNanos;
                participants = outcome.participants();
                lostMembers = outcome.lostMembers();
                broken = outcome.broken();
                if (pending == this) {
                    pending = null;
                }
            }
            return ended || side.end() != null;
        }

        /** @throws RoundBrokenException when it was broken */
        Round result() {
            RoundBreak why = broken;
            if (why != null) {
                throw brokenRound(round, why);
            }
            return new Round(
                    round,
                    participants,
                    -1,
                    List.of(),
                    Duration.ofNanos(durationNanos),
                    Nodes.of(lostMembers),
                    side.term());
        }
    }

    RoundWaiter(SessionDriver driver, FutureExecutor executor, LongWaits waits, Side side, Duration timeout) {
        this.waits = waits;
        this.driver = driver;
        this.executor = executor;
        this.side = side;
        this.timeout = timeout;
    }

    Round await() throws InterruptedException {
        return await(timeout);
    }

    Round await(Duration limit) throws InterruptedException {
        Arrival arrival = awaitEnd(limit);
        try {
            return arrival.result();
        } finally {
            arrival.users.decrementAndGet();
        }
    }

    /** Apart, so that a result that the caller does not look at need not be made. */
    private Arrival awaitEnd(Duration limit) throws InterruptedException {
        driver.enter();
        try {
            long nowNanos = driver.nowNanos();
            Arrival arrival = arrive(nowNanos);
            SessionDriver.Outcome outcome = SessionDriver.Outcome.ENDED;
            try {
                outcome = waits.awaitEntered(
                        arrival, arrival.sinceNanos, nowNanos + Checks.waitNanos(limit), arrival.notice);
            } finally {
                if (!arrival.ended) {
                    arrival.users.decrementAndGet();
                }
            }
            if (arrival.ended) {
                return arrival;
            }
            CamureException end = side.end();
            if (outcome != SessionDriver.Outcome.TIMED_OUT && end != null) {
                throw end;
            }
            throw side.timedOut(arrival.round, limit);
        } finally {
            driver.leave();
        }
    }

    CompletableFuture<Round> awaitAsync() {
        return awaitAsync(timeout);
    }

    CompletableFuture<Round> awaitAsync(Duration limit) {
        long limitNanos = Checks.waitNanos(limit);
        Arrival arrival;
        try {
            arrival = driver.execute(this::arrive);
        } catch (CamureException e) {
            CompletableFuture<Round> failed = executor.newFuture();
            failed.completeExceptionally(e);
            return failed;
        }
        CompletableFuture<Round> future = executor.newFuture();
        driver.watch(new FutureRound(future, arrival, limit, driver.nowNanos() + limitNanos));
        return future;
    }

    /** Completes a future, and until then tells that it is waited for. */
    private final class FutureRound implements Watcher {

        private final CompletableFuture<Round> future;
        private final Arrival arrival;
        private final Duration limit;
        private final long deadlineNanos;
        private long reminderNanos;

        FutureRound(CompletableFuture<Round> future, Arrival arrival, Duration limit, long deadlineNanos) {
            this.limit = limit;
            this.future = future;
            this.arrival = arrival;
            this.deadlineNanos = deadlineNanos;
            reminderNanos = side.tellsOfFutures() ? LongWaits.firstReminderNanos(arrival.sinceNanos) : Long.MAX_VALUE;
        }

        @Override
        public boolean check(long nowNanos) {
            if (!future.isDone() && !arrival.getAsBoolean() && nowNanos < deadlineNanos) {
                if (nowNanos >= reminderNanos) {
                    reminderNanos = waits.remind(arrival.sinceNanos, nowNanos, arrival.notice);
                }
                return false;
            }
            complete(future, arrival, limit);
            arrival.users.decrementAndGet();
            return true;
        }

        @Override
        public long deadlineNanos() {
            return Math.min(deadlineNanos, reminderNanos);
        }
    }

    /** Not by this thread, which holds the lock, and not by that of the listeners, which may take their time. */
    private void complete(CompletableFuture<Round> future, Arrival arrival, Duration limit) {
        if (arrival.ended && arrival.broken == null) {
            Round result = arrival.result();
            executor.execute(() -> future.complete(result));
        } else {
            CamureException cause = failure(arrival, limit);
            executor.execute(() -> future.completeExceptionally(cause));
        }
    }

    private CamureException failure(Arrival arrival, Duration limit) {
        RoundBreak broken = arrival.broken;
        if (broken != null) {
            return brokenRound(arrival.round, broken);
        }
        CamureException end = side.end();
        return end != null ? end : side.timedOut(arrival.round, limit);
    }

    private RoundBrokenException brokenRound(long round, RoundBreak why) {
        List<Node> missing = Nodes.of(why.missing());
        boolean reset = why.cause() == RoundBreak.Cause.RESET;
        String message = side.name() + ": round " + round
                + (reset
                        ? " was reset by the coordinator; not arrived had " + missing
                        : " was broken by the loss of " + missing);
        return new RoundBrokenException(
                message,
                round,
                reset ? RoundBrokenException.Reason.RESET : RoundBrokenException.Reason.MEMBER_LOST,
                missing);
    }

    private Arrival arrive(long nowNanos) {
        Arrival arrival = pending;
        if (arrival == null) {
            long round = side.arrive(nowNanos);
            arrival = last.users.get() == 0 ? last : new Arrival();
            last = arrival;
            arrival.round = round;
            arrival.sinceNanos = nowNanos;
            arrival.ended = false;
            arrival.broken = null;
            pending = arrival;
        }
        arrival.users.incrementAndGet();
        return arrival;
    }
}
