package io.camure.spring.boot.autoconfigure;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.Member;
import io.camure.SessionStatistics;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.boot.autoconfigure.CamureProperties.Startup;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the session and its configured groups, as the start-up policy says. */
final class MemberLifecycle extends CamureSession {

    private static final Logger log = LoggerFactory.getLogger(MemberLifecycle.class);

    private final MemberPlan plan;

    /** Guarded by this, as is {@link #member}. */
    private @Nullable MemberJoin join;

    private @Nullable Member member;

    MemberLifecycle(MemberPlan plan) {
        super(plan);
        this.plan = plan;
    }

    @Override
    public void start() {
        MemberJoin starting = new MemberJoin(plan, this);
        synchronized (this) {
            if (join != null) {
                return;
            }
            join = starting;
        }
        starting.start();
        if (plan.startup() == Startup.BACKGROUND) {
            log.info("{}: joining {} in the background", name(), plan.coordinatorAddress());
            return;
        }
        try {
            // Without a limit of its own, because the join has one. Spring interrupts a start that is to be abandoned,
            // by
            // Ctrl-C for example, but only where its thread waits without a limit.
            starting.result().get();
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    name() + ": interrupted while joining the session of " + plan.coordinatorAddress(), e);
        } catch (ExecutionException e) {
            stop();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /**
     * The session is joined, its groups not yet.
     *
     * @return whether it was not too late for that
     */
    synchronized boolean onSessionJoined(MemberJoin by, Member joined) {
        if (join != by) {
            return false;
        }
        if (member != null) {
            // The one that was lost, which its groups kept until now, so that they could say why they are over.
            detach();
        }
        member = joined;
        return true;
    }

    /** @return whether it was not too late for that */
    synchronized boolean onGroupJoined(MemberJoin by, CamureGroup group, Group joined) {
        if (join != by) {
            return false;
        }
        group.attach(joined);
        return true;
    }

    void onCoordinatorLost(MemberJoin by, Member lost, CamureException why) {
        if (isJoinedBy(by)) {
            publish(new CoordinatorLostEvent(name(), lost.coordinatorAddress(), why));
        }
    }

    void onCoordinatorRegained(MemberJoin by, Member regained, Duration outage) {
        if (isJoinedBy(by)) {
            publish(new CoordinatorRegainedEvent(name(), regained.coordinatorAddress(), outage));
        }
    }

    private synchronized boolean isJoinedBy(MemberJoin by) {
        return join == by;
    }

    /** The session was closed before all of its groups could be joined. */
    synchronized void onSessionGivenUp(MemberJoin by) {
        if (join == by) {
            detach();
            member = null;
        }
    }

    @Override
    public void stop() {
        MemberJoin stopping;
        synchronized (this) {
            stopping = join;
        }
        if (stopping == null) {
            return;
        }
        stopping.stop();
        Member leaving = current();
        if (leaving != null) {
            leaving.close();
        }
        synchronized (this) {
            detach();
            member = null;
            join = null;
        }
        onStopped();
    }

    @Override
    public synchronized boolean isRunning() {
        return join != null;
    }

    @Override
    @Nullable
    synchronized Member current() {
        return member;
    }

    @Override
    Optional<String> transport() {
        return Optional.ofNullable(current()).map(Member::transport);
    }

    @Override
    Optional<Instant> coordinatorLastHeard() {
        return Optional.ofNullable(current()).map(Member::coordinatorLastHeard);
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Member current = current();
        return current == null ? null : current.statistics();
    }
}
