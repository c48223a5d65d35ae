package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupState;
import io.camure.spring.kind.MemberAdapter;
import io.camure.spring.kind.Role;
import io.camure.spring.kind.SessionContext;
import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A group of the configuration or of the application's code: what is behind its bean now, and what outlives that. */
public final class GroupBinding implements GroupContext {

    private final SessionContext session;
    private final GroupDefinition definition;
    private final GroupAdapter<?> adapter;
    private final Group proxy;

    /** Guarded by this. */
    private boolean removed;

    private volatile boolean left;

    GroupBinding(SessionContext session, GroupDefinition definition) {
        this.session = session;
        this.definition = definition;
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
        return definition.config();
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

    /** Joins it in a session of which this node is a member. */
    Group join(Member member, Duration timeout) throws InterruptedException {
        return ((MemberAdapter<?>) adapter).join(member, timeout);
    }

    synchronized void attach(Group group) {
        if (removed) {
            group.close();
            return;
        }
        adapter.attach(group);
        notifyAll();
    }

    void detach() {
        adapter.detach();
    }

    /** Has this member leave the group until it is to come back, or its session is started again. */
    public void leave() {
        left = true;
        Group leaving = current();
        if (leaving != null) {
            leaving.close();
        }
    }

    public void comeBack() {
        left = false;
    }

    /** Whether this member is not to be in the group. */
    public boolean isLeft() {
        return left;
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
    }

    /** Tells why the group can't be used while there is nothing behind it. */
    private CamureException notUsable() {
        return isRemoved()
                ? new UnknownGroupException(this + " can't be used: it was removed")
                : session.notRunning(definition.description());
    }

    /** Waits until there is a group behind this one, other than the one that the caller knows to be over. */
    public synchronized Group awaitOtherThan(@Nullable Group over) throws InterruptedException {
        while (true) {
            Group group = current();
            if (group != null && group != over) {
                return group;
            }
            wait();
        }
    }

    /** What it can do for this application now. */
    public GroupState state() {
        return session.isRunning() && !isRemoved() ? adapter.state() : GroupState.STOPPED;
    }

    private synchronized boolean isRemoved() {
        return removed;
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
        public @Nullable Object around(Method method, Around.Call call) throws Throwable {
            return adapter.around(method, call);
        }

        @Override
        public String toString() {
            return GroupBinding.this.toString();
        }
    }
}
