package io.camure.spring.boot.autoconfigure;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.spring.boot.autoconfigure.CamureProperties.Startup;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a session and then its groups, on a thread of its own, and goes on trying as long as the start-up policy says. */
final class MemberJoin {

    /** Between two tries that fail at once, such as those with a host name that is not known yet. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Trying can go on for days: it is told once in this time why it does. */
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** Looking up a host name can't be interrupted; nobody waits longer than this for a thread that does. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(MemberJoin.class);

    private final MemberPlan plan;
    private final MemberLifecycle lifecycle;
    private final Thread thread;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private long nextWarningNanos = startNanos;

    MemberJoin(MemberPlan plan, MemberLifecycle lifecycle) {
        this.plan = plan;
        this.lifecycle = lifecycle;
        thread = new Thread(this::run, "camure-" + plan.name() + "-join");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends when the session and all groups are joined, or fails with why they are not. */
    Future<Void> result() {
        return result;
    }

    /** Ends the trying; what was joined stays. */
    void stop() {
        thread.interrupt();
        try {
            if (Thread.currentThread() != thread) {
                thread.join(STOP_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            joinSession();
            result.complete(null);
        } catch (InterruptedException e) {
            log.debug("{}: no longer trying to join", plan.name());
            result.completeExceptionally(new CamureException(plan.name() + ": stopped while joining", e));
        } catch (RuntimeException e) {
            log.debug("{}: joining has failed", plan.name(), e);
            result.completeExceptionally(e);
        }
    }

    private void joinSession() throws InterruptedException {
        while (true) {
            CamureException failure;
            try {
                Member member = Member.join(plan.coordinatorAddress().resolve(), plan.config(timeForOneTry()));
                joinGroups(member);
                return;
            } catch (CamureException e) {
                failure = e;
            } catch (UnknownHostException e) {
                failure = new CamureException(
                        plan.name() + ": the host name in " + plan.coordinatorAddress() + " is not known", e);
            }
            beforeNextTry(failure);
        }
    }

    private void joinGroups(Member member) throws InterruptedException {
        boolean kept = lifecycle.onSessionJoined(this, member);
        try {
            for (CamureGroup group : lifecycle.groups()) {
                if (!kept) {
                    throw new InterruptedException();
                }
                kept = lifecycle.onGroupJoined(this, group, joinGroup(member, group.plan()));
            }
        } catch (InterruptedException | RuntimeException e) {
            member.close();
            lifecycle.onSessionGivenUp(this);
            throw e;
        }
        if (!kept) {
            member.close();
        }
    }

    /** A group may be created later than its session, and lets nobody in while a message is being written. */
    private Group joinGroup(Member member, GroupPlan group) throws InterruptedException {
        int id = group.config().id().orElseThrow();
        while (true) {
            try {
                return switch (group.type()) {
                    case BARRIER ->
                        member.joinBarrier(id, timeForOneTry(), group.config().timeout());
                    case BROADCAST -> member.joinBroadcast(id, timeForOneTry());
                };
            } catch (JoinTimeoutException e) {
                beforeNextTry(e);
            }
        }
    }

    /** @throws CamureException the given failure when there is to be no next try */
    private void beforeNextTry(CamureException failure) throws InterruptedException {
        Duration left = timeLeft();
        if (!isWorthATry(failure) || left.isNegative() || left.isZero()) {
            throw failure;
        }
        if (System.nanoTime() - nextWarningNanos >= 0) {
            log.warn("{} Trying again.", failure.getMessage());
            nextWarningNanos = System.nanoTime() + WARNING_INTERVAL.toNanos();
        } else {
            log.debug("{} Trying again.", failure.getMessage());
        }
        if (!(failure instanceof JoinTimeoutException)) {
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), left.toNanos()));
        }
    }

    private boolean isWorthATry(CamureException failure) {
        return switch (plan.startup()) {
            case FAIL -> false;
            // Somebody has to correct the configuration of this node, or the coordinator's: with that one this node can
            // wait.
            case WAIT -> !(failure instanceof GroupTypeMismatchException);
            case BACKGROUND -> true;
        };
    }

    private Duration timeForOneTry() {
        Duration joinTimeout = plan.member().joinTimeout();
        Duration left = timeLeft();
        if (plan.startup() == Startup.FAIL || left.compareTo(joinTimeout) >= 0) {
            return joinTimeout;
        }
        // Never nothing: the last try may follow a pause that took all the time there was.
        return left.compareTo(Duration.ofMillis(1)) > 0 ? left : Duration.ofMillis(1);
    }

    private Duration timeLeft() {
        return plan.startup() == Startup.BACKGROUND
                ? Duration.ofDays(1)
                : plan.member().startupTimeout().minusNanos(System.nanoTime() - startNanos);
    }
}
