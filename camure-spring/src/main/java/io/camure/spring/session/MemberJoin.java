package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.GroupNameMismatchException;
import io.camure.GroupTypeMismatchException;
import io.camure.JoinTimeoutException;
import io.camure.Loss;
import io.camure.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a session and its groups for the first time, on a thread of its own that ends when all are joined, and goes on trying
 * as long as the start-up policy says. The member itself joins again what it loses after that.
 */
final class MemberJoin {

    /** Between two tries that fail at once, such as those in a session that is lost. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Trying can go on for days: it is told once in this time why it does. */
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** Nobody waits longer than this for a try that is to be given up. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(MemberJoin.class);

    private final MemberDefinition definition;
    private final Startup policy;
    private final Owner owner;
    private final Thread thread;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private final Instant start = Instant.now();
    private long nextWarningNanos = startNanos;
    private volatile Loss.@Nullable FailedTry lastFailure;

    /** What is to be joined. */
    interface Owner {

        /** How long one try takes, unless less time is left. */
        Duration joinTimeout();

        /**
         * The session, which is joined now unless it is already.
         *
         * @param by as it may be late, having been stopped
         */
        Member session(MemberJoin by, Duration timeout) throws InterruptedException;

        /** The groups that are to be joined and are not; once there is none, new ones are left to others. */
        List<GroupBinding> groupsToJoin(MemberJoin by);

        void join(GroupBinding group, Member in, Duration timeout) throws InterruptedException;
    }

    MemberJoin(MemberDefinition definition, Startup policy, Owner owner) {
        this.definition = definition;
        this.policy = policy;
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
            // An event listener that is called by this thread may stop its own application.
            if (Thread.currentThread() != thread) {
                thread.join(STOP_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why not all is joined yet, as far as that is known; tries follow one another. */
    Optional<Loss> loss() {
        return Optional.ofNullable(lastFailure).map(this::loss);
    }

    private void run() {
        try {
            joinAll();
            result.complete(null);
        } catch (InterruptedException e) {
            log.debug("{}: no longer trying to join", definition.name());
            result.completeExceptionally(new CamureException(definition.name() + ": stopped while joining", e));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(
                    e instanceof CamureException known
                            ? known
                            : new CamureException(definition.name() + ": joining has failed: " + e, e));
            if (policy == Startup.BACKGROUND) {
                log.error("{}: no longer trying to join", definition.name(), e);
            }
        }
    }

    private void joinAll() throws InterruptedException {
        while (true) {
            CamureException failure;
            try {
                Member member = owner.session(this, timeForOneTry());
                List<GroupBinding> left = owner.groupsToJoin(this);
                if (left.isEmpty()) {
                    return;
                }
                failure = joinEachOnce(member, left);
            } catch (CamureException e) {
                failure = e;
            }
            if (failure != null) {
                beforeNextTry(failure);
            }
        }
    }

    /**
     * A group may be created later than its session, and admits nobody while a message is being written.
     *
     * @return why one of them could not be joined, or {@code null}
     */
    private @Nullable CamureException joinEachOnce(Member member, List<GroupBinding> groups)
            throws InterruptedException {
        CamureException failure = null;
        for (GroupBinding group : groups) {
            try {
                owner.join(group, member, timeForOneTry());
            } catch (CamureException e) {
                if (!isWorthATry(e)) {
                    throw e;
                }
                group.onJoinFailed(loss(new Loss.FailedTry(Instant.now(), e)));
                failure = e;
            }
        }
        return failure;
    }

    private Loss loss(Loss.FailedTry last) {
        return new Loss(last.why(), start, Optional.of(last), Optional.empty());
    }

    /** @throws CamureException the given failure when there is to be no next try */
    private void beforeNextTry(CamureException failure) throws InterruptedException {
        lastFailure = new Loss.FailedTry(Instant.now(), failure);
        Duration left = timeLeft();
        if (!isWorthATry(failure) || left.isNegative() || left.isZero()) {
            throw failure;
        }
        if (System.nanoTime() - nextWarningNanos >= 0) {
            log.warn("{} Trying again.", sentence(failure));
            nextWarningNanos = System.nanoTime() + WARNING_INTERVAL.toNanos();
        } else {
            log.debug("{} Trying again.", sentence(failure));
        }
        if (!(failure instanceof JoinTimeoutException)) {
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), left.toNanos()));
        }
    }

    private static String sentence(CamureException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    }

    private boolean isWorthATry(CamureException failure) {
        return switch (policy) {
            case FAIL -> false;
            // Somebody has to correct the configuration of this node, or the coordinator's: with that one this node can
            // wait.
            case WAIT ->
                !(failure instanceof GroupTypeMismatchException || failure instanceof GroupNameMismatchException);
            case BACKGROUND -> true;
        };
    }

    private Duration timeForOneTry() {
        Duration joinTimeout = owner.joinTimeout();
        Duration left = timeLeft();
        if (policy == Startup.FAIL || left.compareTo(joinTimeout) >= 0) {
            return joinTimeout;
        }
        // Never nothing: the last try may follow a pause that took all the time there was.
        return left.compareTo(Duration.ofMillis(1)) > 0 ? left : Duration.ofMillis(1);
    }

    private Duration timeLeft() {
        return policy == Startup.BACKGROUND
                ? Duration.ofDays(1)
                : definition.startupTimeout().minusNanos(System.nanoTime() - startNanos);
    }
}
