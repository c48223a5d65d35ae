package io.camure.node.round;

import io.camure.CamureException;
import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.RoundTimeoutException;
import io.camure.node.group.FutureExecutor;
import io.camure.node.group.LongWaits;
import io.camure.node.group.Nodes;
import io.camure.protocol.base.Checks;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundOutcome;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.Watcher;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The waiting for rounds, which is the same at the coordinator and at a member.
 *
 * @param <C> what a caller calls
 * @param <R> what it gets of a round
 */
public final class RoundWaiter<C, R> {

    private final SessionDriver driver;
    private final FutureExecutor executor;
    private final Side<C, R> side;
    private final LongWaits waits;
    private final Duration timeout;
    private final @Nullable RoundTraces traces;

    /** The round that this node has arrived at and that has not ended. Guarded by the driver's lock. */
    private @Nullable Arrival pending;

    /** The last one, to be used again when nobody needs it any more. Guarded by the driver's lock. */
    private Arrival last;

    /** What differs between the sides. All but the messages is called under the driver's lock. */
    public interface Side<C, R> {

        /**
         * Arrives at the current round; fails when this node is not in the group.
         *
         * @param given what the caller gives with its call, if anything
         */
        long arrive(C call, @Nullable Object given, long nowNanos);

        /**
         * A caller waits for a round at which this node has arrived already; may fail, when that is not what it calls.
         *
         * @param first what was called when this node arrived
         * @param awaited whether another caller waits for it
         */
        default void rejoin(C first, C call, boolean awaited) {
            // However many wait, they wait for the same.
        }

        /** What takes the results of rounds, one after the other. */
        Landing<C, R> newLanding();

        /** How the last round at which this node arrived has ended. */
        RoundOutcome outcome();

        /** In which term the coordinator was elected; 0 when nobody has elected it. Needs no lock. */
        long term();

        /** Which of the groups of the coordinator it is, in the order of their creation; 0 when that is not told. */
        long generation();

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

    /** What is kept of a round that this node has arrived at, for those who wait for it. */
    public interface Landing<C, R> {

        /** The round was released. Called under the driver's lock. */
        void onReleased(C call);

        /**
         * What a caller gets of it; may run code of users, and so is called without the lock.
         *
         * @param call what was called when this node arrived; the others are as in a {@link io.camure.Round}
         */
        R result(C call, long number, int size, Duration duration, List<Node> lostMembers, long term, long generation);
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
        byte @Nullable [] context;
        final Supplier<LongWaits.Notice> notice = () -> side.notice(round);
        final Landing<C, R> landing = side.newLanding();

        @Nullable
        C call;

        /** What was begun without waiting last. */
        @Nullable
        CompletableFuture<R> future;

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
                context = outcome.context();
                if (broken == null) {
                    landing.onReleased(Objects.requireNonNull(call));
                }
                if (pending == this) {
                    pending = null;
                }
            }
            return ended || side.end() != null;
        }

        /** Whether somebody waits for it who still wants to know. */
        boolean isAwaited() {
            CompletableFuture<R> begun = future;
            return users.get() > (begun != null && begun.isDone() ? 1 : 0);
        }

        /** @throws RoundBrokenException when it was broken */
        R result() {
            RoundBreak why = broken;
            if (why != null) {
                throw BrokenRounds.exception(side.name(), round, why);
            }
            return landing.result(
                    Objects.requireNonNull(call),
                    round,
                    participants,
                    Duration.ofNanos(durationNanos),
                    Nodes.of(lostMembers),
                    side.term(),
                    side.generation());
        }
    }

    public RoundWaiter(
            SessionDriver driver,
            FutureExecutor executor,
            LongWaits waits,
            Side<C, R> side,
            Duration timeout,
            @Nullable RoundTraces traces) {
        this.traces = traces;
        this.waits = waits;
        this.driver = driver;
        this.executor = executor;
        this.side = side;
        this.timeout = timeout;
        last = new Arrival();
    }

    /**
     * @param given what the caller gives with its call, if anything
     * @param limit {@code null} for the timeout of the group
     */
    public R await(C call, @Nullable Object given, @Nullable Duration limit) throws InterruptedException {
        RoundTraces.Wait wait = RoundTraces.onWait(traces);
        Arrival arrival = null;
        Throwable failure = null;
        try {
            arrival = awaitEnd(call, given, wait, limit == null ? timeout : limit);
            return arrival.result();
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            RoundTraces.end(wait, arrival == null || failure != null ? null : arrival.context, failure);
            if (arrival != null) {
                arrival.users.decrementAndGet();
            }
        }
    }

    /** Apart, so that a result that the caller does not look at need not be made. */
    private Arrival awaitEnd(C call, @Nullable Object given, RoundTraces.@Nullable Wait wait, Duration limit)
            throws InterruptedException {
        driver.enter();
        try {
            long nowNanos = driver.nowNanos();
            Arrival arrival = arrive(call, given, wait, nowNanos);
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

    /** As {@link #await}, without waiting. */
    public CompletableFuture<R> awaitAsync(C call, @Nullable Object given, @Nullable Duration orLimit) {
        Duration limit = orLimit == null ? timeout : orLimit;
        CompletableFuture<R> future = executor.newFuture();
        RoundTraces.Wait wait = RoundTraces.onWait(traces);
        Arrival arrival;
        try {
            arrival = driver.execute(nowNanos -> {
                Arrival begun = arrive(call, given, wait, nowNanos);
                begun.future = future;
                return begun;
            });
        } catch (CamureException | IllegalStateException e) {
            RoundTraces.end(wait, null, e);
            future.completeExceptionally(e);
            return future;
        }
        RoundTraces.endWith(wait, future, () -> arrival.context);
        driver.watch(new FutureRound(future, arrival, limit, driver.nowNanos() + Checks.waitNanos(limit)));
        return future;
    }

    /** Completes a future, and until then tells that it is waited for. */
    private final class FutureRound implements Watcher {

        private final CompletableFuture<R> future;
        private final Arrival arrival;
        private final Duration limit;
        private final long deadlineNanos;
        private long reminderNanos;

        FutureRound(CompletableFuture<R> future, Arrival arrival, Duration limit, long deadlineNanos) {
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
            return true;
        }

        @Override
        public long deadlineNanos() {
            return Math.min(deadlineNanos, reminderNanos);
        }
    }

    /** Not by this thread, which holds the lock, and not by that of the listeners, which may take their time. */
    private void complete(CompletableFuture<R> future, Arrival arrival, Duration limit) {
        if (arrival.ended && arrival.broken == null) {
            executor.execute(() -> {
                try {
                    future.complete(arrival.result());
                } catch (Throwable e) {
                    future.completeExceptionally(e);
                } finally {
                    arrival.users.decrementAndGet();
                }
            });
        } else {
            CamureException cause = failure(arrival, limit);
            arrival.future = arrival.future == future ? null : arrival.future;
            arrival.users.decrementAndGet();
            executor.execute(() -> future.completeExceptionally(cause));
        }
    }

    private CamureException failure(Arrival arrival, Duration limit) {
        RoundBreak broken = arrival.broken;
        if (broken != null) {
            return BrokenRounds.exception(side.name(), arrival.round, broken);
        }
        CamureException end = side.end();
        return end != null ? end : side.timedOut(arrival.round, limit);
    }

    private Arrival arrive(C call, @Nullable Object given, RoundTraces.@Nullable Wait wait, long nowNanos) {
        Arrival arrival = pending;
        if (arrival == null) {
            RoundTraces.tell(wait);
            long round = side.arrive(call, given, nowNanos);
            arrival = last.users.get() == 0 ? last : new Arrival();
            last = arrival;
            arrival.call = call;
            arrival.future = null;
            arrival.round = round;
            arrival.sinceNanos = nowNanos;
            arrival.ended = false;
            arrival.broken = null;
            pending = arrival;
        } else {
            side.rejoin(Objects.requireNonNull(arrival.call), call, arrival.isAwaited());
        }
        arrival.users.incrementAndGet();
        return arrival;
    }
}
