package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.SessionStatistics;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.GroupRegainedEvent;
import io.camure.spring.callback.Callbacks;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the session and its configured groups, as the start-up policy says. */
public final class MemberLifecycle extends SessionBinding implements MemberJoin.Owner {

    private static final Logger log = LoggerFactory.getLogger(MemberLifecycle.class);

    private final MemberDefinition definition;
    private final NodeAddress coordinatorAddress;
    private final MemberConfig.Builder config;
    private final MemberConfig defaults;

    /** Guarded by this, as are the next two. */
    private @Nullable MemberJoin join;

    private @Nullable Member member;

    /** Whether all groups were joined that there were, so that whoever adds one has to join it. */
    private boolean settled;

    public MemberLifecycle(
            MemberDefinition definition,
            NodeAddress coordinatorAddress,
            MemberConfig.Builder config,
            Callbacks callbacks) {
        super(definition, callbacks);
        this.definition = definition;
        this.coordinatorAddress = coordinatorAddress;
        this.config = config;
        defaults = config.build();
    }

    @Override
    public NodeAddress coordinatorAddress() {
        return coordinatorAddress;
    }

    @Override
    public MemberConfig config() {
        return defaults;
    }

    @Override
    public synchronized MemberConfig config(Duration joinTimeout) {
        return config.joinTimeout(joinTimeout).build();
    }

    @Override
    public void start() {
        MemberJoin starting = new MemberJoin(definition, this);
        synchronized (this) {
            if (join != null) {
                return;
            }
            join = starting;
        }
        groups().forEach(GroupBinding::comeBack);
        starting.start();
        if (definition.startup() == Startup.BACKGROUND) {
            log.info("{}: joining {} in the background", name(), coordinatorAddress);
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
                    name() + ": interrupted while joining the session of " + coordinatorAddress, e);
        } catch (ExecutionException e) {
            stop();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public synchronized boolean onSessionJoined(MemberJoin by, Member joined) {
        if (join != by) {
            return false;
        }
        if (member != null) {
            // The one that was lost, which its groups kept until now, so that they could say why they are over.
            detach();
        }
        member = joined;
        settled = false;
        return true;
    }

    @Override
    public synchronized @Nullable GroupBinding nextToJoin(Set<GroupBinding> joined) {
        for (GroupBinding group : groups()) {
            if (!joined.contains(group) && !group.isLeft()) {
                return group;
            }
        }
        settled = true;
        return null;
    }

    @Override
    public synchronized boolean onGroupJoined(MemberJoin by, Member in, GroupBinding group, Group joined) {
        if (join != by || member != in) {
            return false;
        }
        group.attach(joined);
        return true;
    }

    @Override
    public void open(GroupBinding group) throws InterruptedException {
        MemberJoin by;
        Member in;
        synchronized (this) {
            by = join;
            in = member;
            if (by == null || in == null || !settled) {
                return;
            }
        }
        try {
            Group joined = group.join(in, defaults.joinTimeout());
            if (!onGroupJoined(by, in, group, joined)) {
                joined.close();
            }
        } catch (DisconnectedException e) {
            if (in.isOpen() || !definition.rejoin().enabled()) {
                throw e;
            }
            log.debug(
                    "{}: the session was lost while {} was being joined, which is now done together with the other groups",
                    name(),
                    group,
                    e);
        }
    }

    @Override
    public void onCoordinatorLost(MemberJoin by, Member lost, CamureException why) {
        if (isJoinedBy(by)) {
            publish(new CoordinatorLostEvent(sessionName(), name(), lost.coordinatorAddress(), why));
        }
    }

    @Override
    public void onCoordinatorRegained(MemberJoin by, Member regained, Duration outage) {
        if (isJoinedBy(by)) {
            publish(new CoordinatorRegainedEvent(sessionName(), name(), regained.coordinatorAddress(), outage));
        }
    }

    @Override
    public void onGroupLost(MemberJoin by, GroupBinding group, CamureException why) {
        if (isJoinedBy(by)) {
            publish(new GroupLostEvent(sessionName(), name(), group.name(), why));
        }
    }

    @Override
    public void onGroupRegained(MemberJoin by, GroupBinding group, Duration outage) {
        if (isJoinedBy(by)) {
            publish(new GroupRegainedEvent(sessionName(), name(), group.name(), outage));
        }
    }

    private synchronized boolean isJoinedBy(MemberJoin by) {
        return join == by;
    }

    @Override
    public synchronized void onSessionGivenUp(MemberJoin by) {
        if (join == by) {
            detach();
            member = null;
            settled = false;
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
            settled = false;
        }
        onStopped();
    }

    @Override
    public synchronized boolean isRunning() {
        return join != null;
    }

    @Override
    public Optional<Member> member() {
        return Optional.ofNullable(current());
    }

    @Override
    @Nullable
    public synchronized Member current() {
        return member;
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Member current = current();
        return current == null ? null : current.statistics();
    }
}
