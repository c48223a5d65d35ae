package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Joins a session and then its groups, on a thread of its own, and goes on trying as long as the start-up policy says. After
 * that it waits for a loss, tells it, and joins again what was lost unless that is turned off, until it is stopped.
 */
public final class MemberJoin {

    /** Between two tries that fail at once, such as those with a host name that is not known yet. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Trying can go on for days: it is told once in this time why it does. */
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** Looking up a host name can't be interrupted; nobody waits longer than this for a thread that does. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(MemberJoin.class);

    private final MemberDefinition definition;
    private final MemberLifecycle lifecycle;
    private final Thread thread;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private long nextWarningNanos = startNanos;

    /** The pauses between tries to join again; {@code null} while this node joins for the first time. */
    private @Nullable BackOffExecution backOff;

    /** Of the session that was joined last; those of earlier ones may be told late. */
    private Losses losses = new Losses(this::onGroupLost);

    MemberJoin(MemberDefinition definition, MemberLifecycle lifecycle) {
        this.definition = definition;
        this.lifecycle = lifecycle;
        thread = new Thread(this::run, "camure-" + definition.name() + "-join");
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
            Member member = joinSession();
            result.complete(null);
            keepJoined(member);
        } catch (InterruptedException e) {
            log.debug("{}: no longer trying to join", definition.name());
            result.completeExceptionally(new CamureException(definition.name() + ": stopped while joining", e));
        } catch (RuntimeException | Error e) {
            CamureException failure = e instanceof CamureException known
                    ? known
                    : new CamureException(definition.name() + ": joining has failed: " + e, e);
            if (!result.completeExceptionally(failure) || definition.startup() == Startup.BACKGROUND) {
                log.error("{}: no longer trying to join", definition.name(), e);
            }
        }
    }

    private Member joinSession() throws InterruptedException {
        while (true) {
            CamureException failure;
            try {
                Member member =
                        Member.join(lifecycle.coordinatorAddress().resolve(), lifecycle.config(timeForOneTry()));
                losses = new Losses(this::onGroupLost);
                member.addListener(losses);
                joinGroups(member);
                return member;
            } catch (CamureException e) {
                failure = e;
            } catch (UnknownHostException e) {
                failure = new CamureException(
                        definition.name() + ": the host name in " + lifecycle.coordinatorAddress() + " is not known",
                        e);
            }
            beforeNextTry(failure);
        }
    }

    private void keepJoined(Member joined) throws InterruptedException {
        Member member = joined;
        while (true) {
            losses.await();
            backOff = definition.rejoin().backOff().start();
            Losses.Loss loss = losses.ofSession();
            if (loss == null) {
                rejoinGroups(member);
            } else if (definition.rejoin().enabled()) {
                member.close();
                lifecycle.onCoordinatorLost(this, member, loss.cause());
                pause();
                member = joinSession();
                lifecycle.onCoordinatorRegained(this, member, loss.age());
            } else {
                lifecycle.onCoordinatorLost(this, member, loss.cause());
                return;
            }
        }
    }

    private void onGroupLost(int id, CamureException why) {
        for (GroupBinding group : List.copyOf(lifecycle.groups())) {
            if (idOf(group) == id && isWanted(group)) {
                lifecycle.onGroupLost(this, group, why);
            }
        }
    }

    private static int idOf(GroupBinding group) {
        return group.definition().config().id().orElseThrow();
    }

    /** One that can't be joined, for as long as that is so, keeps no other one waiting. */
    private void rejoinGroups(Member member) throws InterruptedException {
        Map<Integer, Losses.Loss> left = losses.takeGroups();
        if (!definition.rejoin().enabled()) {
            return;
        }
        pause();
        while (!left.isEmpty() && losses.ofSession() == null) {
            CamureException failure = null;
            for (GroupBinding group : List.copyOf(lifecycle.groups())) {
                try {
                    Losses.Loss loss = left.get(idOf(group));
                    if (loss != null && isWanted(group)) {
                        onJoined(member, group, join(member, group.definition(), timeForOneTry()));
                        lifecycle.onGroupRegained(this, group, loss.age());
                    }
                    left.remove(idOf(group));
                } catch (CamureException e) {
                    failure = e;
                }
            }
            if (failure == null) {
                // What is left is of groups that were removed here.
                left.clear();
            } else if (!member.isOpen()) {
                return;
            } else {
                beforeNextTry(failure);
            }
            left.putAll(losses.takeGroups());
        }
    }

    private boolean isWanted(GroupBinding group) {
        return lifecycle.has(group) && !group.isLeft();
    }

    private void onJoined(Member member, GroupBinding group, Group joined) throws InterruptedException {
        if (!lifecycle.onGroupJoined(this, member, group, joined)) {
            throw new InterruptedException();
        }
    }

    private void pause() throws InterruptedException {
        BackOffExecution pauses = backOff;
        Thread.sleep(pauses == null ? PAUSE.toMillis() : pauses.nextBackOff());
    }

    private void joinGroups(Member member) throws InterruptedException {
        if (!lifecycle.onSessionJoined(this, member)) {
            member.close();
            lifecycle.onSessionGivenUp(this);
            throw new InterruptedException();
        }
        try {
            Set<GroupBinding> joined = new HashSet<>();
            while (lifecycle.nextToJoin(joined) != null) {
                CamureException failure = joinEachOnce(member, joined);
                if (failure != null) {
                    beforeNextTry(failure);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            member.close();
            lifecycle.onSessionGivenUp(this);
            throw e;
        }
    }

    /**
     * A group may be created later than its session, and lets nobody in while a message is being written.
     *
     * @return why one of them could not be joined, or {@code null}
     */
    private @Nullable CamureException joinEachOnce(Member member, Set<GroupBinding> joined)
            throws InterruptedException {
        CamureException failure = null;
        for (GroupBinding group : List.copyOf(lifecycle.groups())) {
            try {
                if (!joined.contains(group) && isWanted(group)) {
                    onJoined(member, group, join(member, group.definition(), timeForOneTry()));
                    joined.add(group);
                }
            } catch (JoinTimeoutException | GroupTypeMismatchException e) {
                if (!isWorthATry(e)) {
                    throw e;
                }
                failure = e;
            }
        }
        return failure;
    }

    static Group join(Member member, GroupDefinition group, Duration timeout) throws InterruptedException {
        int id = group.config().id().orElseThrow();
        return switch (group.type()) {
            case BARRIER -> member.joinBarrier(id, timeout, group.config().timeout());
            case BROADCAST -> member.joinBroadcast(id, timeout);
        };
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
        if (backOff != null) {
            pause();
        } else if (!(failure instanceof JoinTimeoutException)) {
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), left.toNanos()));
        }
    }

    private boolean isWorthATry(CamureException failure) {
        return switch (policy()) {
            case FAIL -> false;
            // Somebody has to correct the configuration of this node, or the coordinator's: with that one this node can
            // wait.
            case WAIT -> !(failure instanceof GroupTypeMismatchException);
            case BACKGROUND -> true;
        };
    }

    /** Who was in once goes on trying, whatever is to be done at start. */
    private Startup policy() {
        return backOff == null ? definition.startup() : Startup.BACKGROUND;
    }

    private Duration timeForOneTry() {
        Duration joinTimeout = lifecycle.config().joinTimeout();
        Duration left = timeLeft();
        if (policy() == Startup.FAIL || left.compareTo(joinTimeout) >= 0) {
            return joinTimeout;
        }
        // Never nothing: the last try may follow a pause that took all the time there was.
        return left.compareTo(Duration.ofMillis(1)) > 0 ? left : Duration.ofMillis(1);
    }

    private Duration timeLeft() {
        return policy() == Startup.BACKGROUND
                ? Duration.ofDays(1)
                : definition.startupTimeout().minusNanos(System.nanoTime() - startNanos);
    }
}
