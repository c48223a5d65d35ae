package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Member;
import io.camure.MemberConfig;
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
final class MemberJoin {

    /** Between two tries that fail at once, such as those with a host name that is not known yet. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Trying can go on for days: it is told once in this time why it does. */
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** Looking up a host name can't be interrupted; nobody waits longer than this for a thread that does. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(MemberJoin.class);

    private final MemberDefinition definition;
    private final Owner owner;
    private final Thread thread;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private long nextWarningNanos = startNanos;

    /** The pauses between tries to join again; {@code null} while this node joins for the first time. */
    private @Nullable BackOffExecution backOff;

    /** Of the session that was joined last; those of earlier ones may be told late. */
    private Losses losses = new Losses(this::onGroupLost);

    /** What is to be joined, and who is told; each call says by which try it is made, as one that was stopped may be late. */
    interface Owner {

        NodeAddress coordinatorAddress();

        MemberConfig config();

        /** For a try that may have less time than usual. */
        MemberConfig config(Duration joinTimeout);

        List<GroupBinding> groups();

        boolean has(GroupBinding group);

        /** The first group that is not among those that were joined already; once there is none, new ones are left to others. */
        @Nullable
        GroupBinding nextToJoin(Set<GroupBinding> joined);

        /**
         * The session is joined, its groups not yet.
         *
         * @return whether it was not too late for that
         */
        boolean onSessionJoined(MemberJoin by, Member joined);

        /** The session was closed before all of its groups could be joined. */
        void onSessionGivenUp(MemberJoin by);

        /** @return whether it was not too late for that */
        boolean onGroupJoined(MemberJoin by, Member in, GroupBinding group, Group joined);

        void onCoordinatorLost(MemberJoin by, Member lost, CamureException why);

        void onCoordinatorRegained(MemberJoin by, Member regained, Duration outage);

        void onGroupLost(MemberJoin by, GroupBinding group, CamureException why);

        void onGroupRegained(MemberJoin by, GroupBinding group, Duration outage);
    }

    MemberJoin(MemberDefinition definition, Owner owner) {
        this.definition = definition;
        this.owner = owner;
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
                Member member = Member.join(owner.coordinatorAddress().resolve(), owner.config(timeForOneTry()));
                losses = new Losses(this::onGroupLost);
                member.addListener(losses);
                joinGroups(member);
                return member;
            } catch (CamureException e) {
                failure = e;
            } catch (UnknownHostException e) {
                failure = new CamureException(
                        definition.name() + ": the host name in " + owner.coordinatorAddress() + " is not known", e);
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
                owner.onCoordinatorLost(this, member, loss.cause());
                pause();
                member = joinSession();
                owner.onCoordinatorRegained(this, member, loss.age());
            } else {
                owner.onCoordinatorLost(this, member, loss.cause());
                return;
            }
        }
    }

    private void onGroupLost(int id, CamureException why) {
        for (GroupBinding group : List.copyOf(owner.groups())) {
            if (idOf(group) == id && isWanted(group)) {
                owner.onGroupLost(this, group, why);
            }
        }
    }

    private static int idOf(GroupBinding group) {
        return group.config().id().orElseThrow();
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
            for (GroupBinding group : List.copyOf(owner.groups())) {
                try {
                    Losses.Loss loss = left.get(idOf(group));
                    if (loss != null && isWanted(group)) {
                        onJoined(member, group, group.join(member, timeForOneTry()));
                        owner.onGroupRegained(this, group, loss.age());
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
        return owner.has(group) && !group.isLeft();
    }

    private void onJoined(Member member, GroupBinding group, Group joined) throws InterruptedException {
        if (!owner.onGroupJoined(this, member, group, joined)) {
            throw new InterruptedException();
        }
    }

    private void pause() throws InterruptedException {
        BackOffExecution pauses = backOff;
        Thread.sleep(pauses == null ? PAUSE.toMillis() : pauses.nextBackOff());
    }

    private void joinGroups(Member member) throws InterruptedException {
        if (!owner.onSessionJoined(this, member)) {
            member.close();
            owner.onSessionGivenUp(this);
            throw new InterruptedException();
        }
        try {
            Set<GroupBinding> joined = new HashSet<>();
            while (owner.nextToJoin(joined) != null) {
                CamureException failure = joinEachOnce(member, joined);
                if (failure != null) {
                    beforeNextTry(failure);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            member.close();
            owner.onSessionGivenUp(this);
            throw e;
        }
    }

    /**
     * A group may be created later than its session, and admits nobody while a message is being written.
     *
     * @return why one of them could not be joined, or {@code null}
     */
    private @Nullable CamureException joinEachOnce(Member member, Set<GroupBinding> joined)
            throws InterruptedException {
        CamureException failure = null;
        for (GroupBinding group : List.copyOf(owner.groups())) {
            try {
                if (!joined.contains(group) && isWanted(group)) {
                    onJoined(member, group, group.join(member, timeForOneTry()));
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
        Duration joinTimeout = owner.config().joinTimeout();
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
