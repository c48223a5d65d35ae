package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.Loss;
import io.camure.Member;
import io.camure.RoundTracing;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupState;
import io.camure.spring.kind.MemberAdapter;
import io.camure.spring.kind.Role;
import io.camure.spring.kind.SendAround;
import io.camure.spring.kind.SessionContext;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A group of the configuration or of the application's code: what is behind its bean now, and what outlives that. */
public final class GroupBinding implements GroupContext {

    private final SessionContext session;
    private final GroupDefinition definition;
    private final Runnable leftSink;
    private final GroupAdapter<?> adapter;
    private final Group proxy;

    /** As the definition has it, and with what shows rounds in traces once that is known. */
    private volatile GroupConfig config;

    private volatile @Nullable SendAround aroundSending;

    /** Held by whoever joins it, since it can be joined only once. */
    private final ReentrantLock joining = new ReentrantLock();

    /**
     * A group that can be used until it is lost.
     *
     * @param group the same one when this node has joined it again
     * @param joins how often it was created, joined or regained by then
     */
    public record Usable(Group group, long joins) {}

    /** How often it was created, joined or regained. Guarded by this, as the next one. */
    private long joins;

    /** Whom to tell the next time. */
    private final List<CompletableFuture<Usable>> followers = new ArrayList<>();

    private volatile boolean removed;
    private volatile boolean left;

    /** Why, while it has. */
    private volatile @Nullable Loss whyLeft;

    /** What came of the last try to join it for the first time since it was started. */
    private volatile @Nullable Loss notJoined;

    /** @param leftSink told when this node is not to be in it any more */
    GroupBinding(SessionContext session, GroupDefinition definition, Runnable leftSink) {
        this.session = session;
        this.definition = definition;
        this.leftSink = leftSink;
        config = definition.config();
        adapter = session.role() == Role.COORDINATOR
                ? definition.kind().atCoordinator(this)
                : definition.kind().atMember(this);
        proxy = CurrentObjectInterceptor.proxy(adapter.type(), new Source());
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public GroupConfig config() {
        return config;
    }

    /** Has its rounds show in traces from the next time on that it is created or joined, unless the application does that itself. */
    public void traceRounds(RoundTracing tracing) {
        if (config.roundTracing().isEmpty()) {
            config = config.toBuilder().roundTracing(tracing).build();
        }
    }

    /** Has messages from now on sent in it, if there are such. */
    public void observeSending(SendAround observation) {
        aroundSending = observation;
    }

    @Override
    public @Nullable SendAround aroundSending() {
        return aroundSending;
    }

    @Override
    public SessionContext session() {
        return session;
    }

    public GroupDefinition definition() {
        return definition;
    }

    /** What is particular to it as a group of its kind, at this side. */
    public GroupAdapter<?> adapter() {
        return adapter;
    }

    /** What the application uses: it stands for whatever is current. */
    public Group proxy() {
        return proxy;
    }

    /** The group that was created or joined last, also when it is closed or lost; {@code null} before and after. */
    public @Nullable Group current() {
        return adapter.current();
    }

    /** Creates it in a session that this node coordinates. */
    CoordinatorGroup create(Coordinator coordinator) {
        return ((CoordinatorAdapter<?>) adapter).create(coordinator);
    }

    /**
     * Joins it in a session of which this node is a member, unless that is done or not to be done.
     *
     * @param sink is to attach what was joined
     */
    void join(Member member, Duration timeout, Consumer<Group> sink) throws InterruptedException {
        joining.lockInterruptibly();
        try {
            if (isWanted()) {
                sink.accept(((MemberAdapter<?>) adapter).join(member, timeout));
            }
        } finally {
            joining.unlock();
        }
    }

    synchronized void attach(Group group) {
        if (isLeft()) {
            group.close();
            return;
        }
        adapter.attach(group);
        notJoined = null;
        onRegained();
    }

    /** It can be used, for the first time or again. */
    synchronized void onRegained() {
        joins++;
        notifyAll();
        Group group = current();
        if (group != null) {
            followers.forEach(each -> each.complete(new Usable(group, joins)));
            followers.clear();
        }
    }

    void detach() {
        adapter.detach();
    }

    /** Has this member leave the group until it is to come back, or its session is started again. */
    public void leave() {
        Group leaving;
        synchronized (this) {
            leaving = current();
            left = true;
            whyLeft = new Loss(
                    new DisconnectedException(
                            DisconnectedException.Reason.CLOSED, this + " was closed by this application", null),
                    Instant.now(),
                    Optional.empty(),
                    Optional.empty());
        }
        if (leaving != null) {
            leaving.close();
        }
        leftSink.run();
    }

    public synchronized void comeBack() {
        notJoined = null;
        if (left) {
            left = false;
            whyLeft = null;
            detach();
        }
    }

    /** Whether this node is not to be in the group. */
    boolean isLeft() {
        return left || removed;
    }

    /** Whether this node has yet to create or join it. */
    boolean isWanted() {
        return !isLeft() && current() == null;
    }

    /** Whether this node is to be in the group, and is not. */
    boolean isMissing() {
        Group now = current();
        return !isLeft() && (now == null || !now.isOpen());
    }

    /** Ends it for good. */
    void remove() {
        Group closing;
        synchronized (this) {
            closing = current();
            removed = true;
            detach();
        }
        if (closing != null) {
            closing.close();
        }
        leftSink.run();
    }

    /** Tells why the group can't be used while there is nothing behind it. */
    private CamureException notUsable() {
        return removed
                ? new UnknownGroupException(this + " can't be used: it was removed")
                : session.notRunning(definition.description(), loss());
    }

    /** Waits until there is a group behind this one, and not only the one that the caller knows to be over. */
    public synchronized Usable awaitUsable(@Nullable Usable over) throws InterruptedException {
        while (true) {
            Group group = current();
            if (group != null && (over == null || joins > over.joins())) {
                return new Usable(group, joins);
            }
            wait();
        }
    }

    /** As {@link #awaitUsable}, for whoever has no thread to wait. Completed by whoever joins the group, which is not to be kept. */
    public synchronized CompletableFuture<Usable> whenUsable(@Nullable Usable over) {
        Group group = current();
        if (group != null && (over == null || joins > over.joins())) {
            return CompletableFuture.completedFuture(new Usable(group, joins));
        }
        CompletableFuture<Usable> future = new CompletableFuture<>();
        followers.add(future);
        return future;
    }

    /** The coordinator has not admitted this node yet, which goes on trying. */
    void onJoinFailed(Loss why) {
        notJoined = why;
    }

    /** Why this node is out of it, or has not got in, and what is tried; empty when the session was stopped. */
    public Optional<Loss> loss() {
        Loss why = whyLeft;
        Group now = current();
        if (why != null) {
            return Optional.of(why);
        } else if (now != null) {
            return now.loss();
        } else if (removed || !session.isRunning()) {
            return Optional.empty();
        }
        return session.loss().or(() -> Optional.ofNullable(notJoined));
    }

    /** What it can do for this application now. */
    public GroupState state() {
        if (removed || !session.isRunning()) {
            return GroupState.STOPPED;
        }
        return left ? GroupState.LOST : adapter.state();
    }

    @Override
    public String toString() {
        return session.name() + ": " + definition.description();
    }

    /** What the bean of the group is of. */
    private final class Source implements CurrentObjectInterceptor.Source {

        @Override
        public @Nullable Object current() {
            return GroupBinding.this.current();
        }

        @Override
        public CamureException notUsable() {
            return GroupBinding.this.notUsable();
        }

        @Override
        public @Nullable Object nameOrId() {
            return definition.id();
        }

        @Override
        public @Nullable Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable {
            if (session.role() == Role.MEMBER && method.getName().equals("close")) {
                leave();
                return null;
            }
            return adapter.around(method, arguments, call);
        }

        @Override
        public String toString() {
            return GroupBinding.this.toString();
        }
    }
}
