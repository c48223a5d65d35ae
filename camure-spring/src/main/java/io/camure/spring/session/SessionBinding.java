package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.Loss;
import io.camure.Member;
import io.camure.SessionStatistics;
import io.camure.spring.CamureEvent;
import io.camure.spring.SessionNotRunningException;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.GroupState;
import io.camure.spring.kind.Role;
import io.camure.spring.kind.SessionContext;
import io.camure.spring.kind.Written;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.context.SmartLifecycle;

/**
 * A session of this application, which starts and stops with the application context, also more than once: a stopped
 * session of the core can't be started again, so that each start makes a new one, and beans find the current one here.
 */
public abstract sealed class SessionBinding
        implements SessionContext, SmartLifecycle, DisposableBean, ApplicationEventPublisherAware
        permits CoordinatorLifecycle, MemberLifecycle {

    /**
     * Below Boot's web server, so that requests that are being drained can still pass barriers, and above nothing that needs
     * a session. Members come one later, since the coordinator of one may be in the same application.
     */
    public static final int PHASE = Integer.MAX_VALUE - 4096;

    private static final Logger log = LoggerFactory.getLogger(SessionBinding.class);

    private final SessionDefinition definition;
    private final Callbacks callbacks;

    /** Guarded by itself. */
    private final Map<String, GroupBinding> groups = new LinkedHashMap<>();

    private SessionStatistics past = SessionStatistics.none();
    private @Nullable ApplicationEventPublisher publisher;
    private boolean stopped;

    SessionBinding(SessionDefinition definition, Callbacks callbacks) {
        this.definition = definition;
        this.callbacks = callbacks;
        definition
                .groups()
                .forEach(group -> groups.put(group.name(), new GroupBinding(this, group, this::onGroupLeft)));
    }

    @Override
    public final String name() {
        return definition.name();
    }

    @Override
    public final String sessionName() {
        return definition.session();
    }

    @Override
    public final String prefix() {
        return definition.prefix();
    }

    @Override
    public final Role role() {
        return definition.role();
    }

    /** The groups now. */
    public final List<GroupBinding> groups() {
        synchronized (groups) {
            return List.copyOf(groups.values());
        }
    }

    public final Optional<GroupBinding> group(String name) {
        synchronized (groups) {
            return Optional.ofNullable(groups.get(name));
        }
    }

    public final boolean has(GroupBinding group) {
        return group(group.name()).orElse(null) == group;
    }

    /** Adds a group to those that are created or joined at each start. */
    final GroupBinding add(GroupDefinition added) {
        GroupBinding group = new GroupBinding(this, added, this::onGroupLeft);
        synchronized (groups) {
            groups.put(group.name(), group);
        }
        return group;
    }

    /** @return whether it was there */
    final boolean remove(GroupBinding group) {
        synchronized (groups) {
            if (!groups.remove(group.name(), group)) {
                return false;
            }
        }
        group.remove();
        return true;
    }

    /**
     * Creates or joins an added group if the session is running; otherwise that is done with the others.
     *
     * @throws io.camure.CamureException when it can't be
     */
    public abstract void open(GroupBinding group) throws InterruptedException;

    @Override
    public final void open(String group) throws InterruptedException {
        GroupBinding added = group(group).orElse(null);
        if (added != null) {
            open(added);
        }
    }

    /**
     * The bean that stands for whatever is current.
     *
     * @param type {@link io.camure.Coordinator} or {@link io.camure.Member}, as the role is
     */
    public final <T> T proxy(Class<T> type) {
        return CurrentObjectInterceptor.proxy(
                type, new Source("the " + role().name().toLowerCase(Locale.ROOT)));
    }

    /** The {@link io.camure.Coordinator} or {@link io.camure.Member}, or {@code null} while there is none. */
    public abstract @Nullable Object current();

    /** What this node can do in the session now; neither forming nor degraded, as only groups are. */
    public final GroupState state() {
        Object current = current();
        if (!isRunning()) {
            return GroupState.STOPPED;
        } else if (current == null) {
            return GroupState.JOINING;
        }
        return isOpen(current) ? GroupState.OPEN : GroupState.LOST;
    }

    /** Why this node is not in the session although it is to be, and what is tried; nothing at a coordinator. */
    public Optional<Loss> loss() {
        return Optional.empty();
    }

    /** What coordinates the session here while this node is elected; nothing where the role is configured. */
    public Optional<ElectedCoordinator> elected() {
        return Optional.empty();
    }

    @Override
    public final boolean isElected() {
        return elected().isPresent();
    }

    @Override
    public final boolean isCoordinator() {
        return elected()
                .map(each -> each.current().isPresent())
                .orElseGet(() -> role() == Role.COORDINATOR && state() == GroupState.OPEN);
    }

    private static boolean isOpen(Object session) {
        return session instanceof Coordinator coordinator
                ? coordinator.isOpen()
                : session instanceof Member member && member.isOpen();
    }

    /** What the current session has counted, or {@code null} while there is none. */
    abstract @Nullable SessionStatistics currentStatistics();

    /** What all sessions since the application's start have counted; it never decreases. */
    public final synchronized SessionStatistics statistics() {
        SessionStatistics current = currentStatistics();
        return current == null ? past : past.plus(current);
    }

    @Override
    public final Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public final void setApplicationEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
        publisher = applicationEventPublisher;
    }

    /** Listeners that throw are logged, since the publishing thread has other things to do. */
    @Override
    public final void publish(CamureEvent event) {
        ApplicationEventPublisher to = publisher;
        if (to != null) {
            try {
                to.publishEvent(event);
            } catch (RuntimeException e) {
                log.error(
                        "{}: an event listener of {} failed",
                        name(),
                        event.getClass().getSimpleName(),
                        e);
            }
        }
    }

    /** This node is not to be in one of its groups any more. */
    void onGroupLeft() {}

    /** Takes the groups away from their beans. To be called once the session is closed, and before it is forgotten. */
    final synchronized void detach() {
        past = statistics();
        groups().forEach(GroupBinding::detach);
    }

    final synchronized void onStopped() {
        stopped = true;
    }

    @Override
    public final synchronized SessionNotRunningException notRunning(String description, Optional<Loss> loss) {
        boolean running = isRunning();
        String reason = running
                ? "the coordinator has not admitted this member yet, which goes on trying"
                        + loss.flatMap(Loss::lastTry)
                                .map(last -> "; the last try, " + Written.ago(last.time()) + ", has failed: "
                                        + last.why().getMessage())
                                .orElse("")
                : stopped
                        ? "the session was stopped with the application context"
                        : "the session has not been started yet. It starts with the application context, after all beans"
                                + " are made: use it in an ApplicationRunner, for example, or later";
        return new SessionNotRunningException(
                name() + ": " + description + " can't be used now: " + reason, stopped && !running);
    }

    @Override
    public final int getPhase() {
        return definition.role() == Role.COORDINATOR ? PHASE : PHASE + 1;
    }

    /** A context whose start has failed is not stopped, but its beans are destroyed. */
    @Override
    public final void destroy() {
        stop();
    }

    @Override
    public final String toString() {
        return name() + " (" + role() + ")";
    }

    /** What the bean of the session is of. */
    private final class Source implements CurrentObjectInterceptor.Source {

        private final String description;

        Source(String description) {
            this.description = description;
        }

        @Override
        public @Nullable Object current() {
            return SessionBinding.this.current();
        }

        @Override
        public CamureException notUsable() {
            return notRunning(description, loss());
        }

        @Override
        public @Nullable Object nameOrId() {
            return name();
        }

        @Override
        public @Nullable Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable {
            return call.proceed();
        }

        @Override
        public String toString() {
            return name() + ": " + description;
        }
    }
}
