package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.CoordinatorLocator;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.Loss;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.SessionStatistics;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.election.CoordinatorElection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the session and its configured groups, as the start-up policy says. From then on the member of the core stays in them,
 * or joins them again, until it is stopped.
 */
public final class MemberLifecycle extends SessionBinding implements MemberJoin.Owner, ElectedCoordinator.Beside {

    private static final Logger log = LoggerFactory.getLogger(MemberLifecycle.class);

    private final MemberDefinition definition;
    private final CoordinatorLocator locator;
    private final MemberConfig.Builder config;
    private final MemberConfig defaults;

    /** While there is something to be joined for the first time. Guarded by this, as the next three. */
    private @Nullable MemberJoin join;

    private @Nullable Member member;
    private @Nullable MemberEvents events;
    private @Nullable CoordinatorChanges changes;
    private boolean stopping;

    /** Written before the first start. */
    private @Nullable ElectedCoordinator elected;

    /** @param locator says where the coordinator is; {@code toString()} is what logs and errors call that */
    public MemberLifecycle(
            MemberDefinition definition, CoordinatorLocator locator, MemberConfig.Builder config, Callbacks callbacks) {
        super(definition, callbacks);
        this.definition = definition;
        this.locator = locator;
        this.config = config;
        defaults = config.build();
    }

    /** Has this node coordinate the session beside being its member, whenever it is elected. To be called before the first start. */
    public void elect(CoordinatorElection election, ElectedCoordinator.Starter starter) {
        elected = new ElectedCoordinator(this, election, starter);
    }

    @Override
    public Optional<ElectedCoordinator> elected() {
        return Optional.ofNullable(elected);
    }

    @Override
    public CoordinatorChanges.@Nullable Known coordinator() {
        CoordinatorChanges now;
        synchronized (this) {
            now = changes;
        }
        return now == null ? null : now.known();
    }

    @Override
    public long term() {
        Member now = current();
        return now == null ? 0 : now.term();
    }

    /** Says where the coordinator may be. */
    public CoordinatorLocator locator() {
        return locator;
    }

    /** What the member is configured to. */
    public MemberConfig config() {
        return defaults;
    }

    @Override
    public void start() {
        Startup startup =
                elected().filter(ElectedCoordinator::needsStartedApplication).isPresent()
                        ? Startup.BACKGROUND
                        : definition.startup();
        MemberJoin starting = new MemberJoin(definition, startup, this);
        synchronized (this) {
            if (isRunning()) {
                return;
            }
            stopping = false;
            join = starting;
        }
        groups().forEach(GroupBinding::comeBack);
        try {
            elected().ifPresent(ElectedCoordinator::start);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        starting.start();
        if (startup == Startup.BACKGROUND) {
            log.info("{}: joining {} in the background", name(), locator);
            return;
        }
        try {
            // Without a limit of its own, because the join has one. Spring interrupts a start that is to be abandoned,
            // by Ctrl-C for example, but only where its thread waits without a limit.
            starting.result().get();
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new CamureException(name() + ": interrupted while joining the session of " + locator, e);
        } catch (ExecutionException e) {
            stop();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Duration joinTimeout() {
        return defaults.joinTimeout();
    }

    @Override
    public Member session(MemberJoin by, Duration timeout) throws InterruptedException {
        Member now = current();
        if (now != null && (now.isOpen() || defaults.rejoin().isEnabled())) {
            return now;
        } else if (now != null) {
            forget(now);
        }
        Member joined = Member.join(locator, config(timeout));
        if (!onSessionJoined(by, joined)) {
            joined.close();
            throw new InterruptedException();
        }
        CoordinatorChanges telling;
        synchronized (this) {
            telling = changes;
        }
        if (telling != null) {
            telling.start();
        }
        return joined;
    }

    private synchronized MemberConfig config(Duration joinTimeout) {
        return config.joinTimeout(joinTimeout).build();
    }

    private synchronized boolean onSessionJoined(MemberJoin by, Member joined) {
        if (join != by) {
            return false;
        }
        member = joined;
        events = new MemberEvents(this, joined, this::groups);
        joined.addListener(events);
        if (elected != null) {
            changes = new CoordinatorChanges(this, joined);
        }
        return true;
    }

    private void forget(Member over) {
        over.close();
        synchronized (this) {
            detach();
            member = null;
            changes = null;
        }
    }

    @Override
    public synchronized List<GroupBinding> groupsToJoin(MemberJoin by) {
        List<GroupBinding> left =
                groups().stream().filter(GroupBinding::isWanted).toList();
        if (left.isEmpty() && join == by) {
            join = null;
        }
        return left;
    }

    @Override
    public void join(GroupBinding group, Member in, Duration timeout) throws InterruptedException {
        group.join(in, timeout, joined -> attach(group, in, joined));
        tellIfComplete();
    }

    private synchronized void attach(GroupBinding group, Member in, Group joined) {
        if (member == in) {
            group.attach(joined);
        } else {
            joined.close();
        }
    }

    @Override
    public void open(GroupBinding group) throws InterruptedException {
        Member in = current();
        if (in == null) {
            return;
        }
        try {
            join(group, in, joinTimeout());
        } catch (DisconnectedException e) {
            if (in.isOpen() || !defaults.rejoin().isEnabled()) {
                throw e;
            }
            log.debug("{}: the session is lost; {} is joined once it is joined again", name(), group, e);
            joinLater(in);
        }
    }

    private synchronized void joinLater(Member in) {
        if (join == null && member == in && !stopping) {
            MemberJoin later = new MemberJoin(definition, Startup.BACKGROUND, this);
            join = later;
            later.start();
        }
    }

    @Override
    void onGroupLeft() {
        tellIfComplete();
    }

    private void tellIfComplete() {
        MemberEvents telling;
        synchronized (this) {
            telling = events;
        }
        if (telling != null) {
            telling.tellIfComplete();
        }
    }

    @Override
    public void stop() {
        MemberJoin ending;
        synchronized (this) {
            if (!isRunning()) {
                return;
            }
            stopping = true;
            ending = join;
            join = null;
        }
        if (ending != null) {
            ending.stop();
        }
        Member leaving = current();
        if (leaving != null) {
            forget(leaving);
        }
        elected().ifPresent(ElectedCoordinator::stop);
        onStopped();
    }

    @Override
    public synchronized boolean isRunning() {
        return join != null || member != null;
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
    public Optional<Loss> loss() {
        Member now;
        MemberJoin joining;
        synchronized (this) {
            now = member;
            joining = join;
        }
        if (now != null) {
            return now.loss();
        }
        return joining == null ? Optional.empty() : joining.loss();
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Member current = current();
        return current == null ? null : current.statistics();
    }
}
