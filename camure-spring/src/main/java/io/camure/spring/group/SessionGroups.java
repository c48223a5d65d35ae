package io.camure.spring.group;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorCollective;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.spring.CamureGroups;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.collective.CollectiveAdapter;
import io.camure.spring.collective.CollectiveKind;
import io.camure.spring.kind.Role;
import io.camure.spring.session.ElectedCoordinator;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupDefinition;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.util.ClassUtils;

/** The groups of some sessions, or of all. */
public final class SessionGroups implements CamureGroups {

    private final SessionBindings sessions;
    private final Collection<SessionBinding> visible;

    public SessionGroups(SessionBindings sessions, Collection<SessionBinding> visible) {
        this.sessions = sessions;
        this.visible = visible;
    }

    @Override
    public CamureGroups inSession(String session) {
        SessionBinding found = sessions.session(session)
                .filter(visible::contains)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no session '" + session + "': there are " + sessionNames(visible)));
        return new SessionGroups(sessions, List.of(found));
    }

    private static List<String> sessionNames(Collection<SessionBinding> of) {
        return of.stream().map(SessionBinding::sessionName).toList();
    }

    @Override
    public Set<String> names() {
        return visible.stream()
                .flatMap(session -> session.groups().stream())
                .map(GroupBinding::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Group group(String name) {
        return require(name).proxy();
    }

    private GroupBinding require(String name) {
        return sessions.group(name)
                .filter(group -> visible.contains(group.session()))
                .orElseThrow(() -> new UnknownGroupException("there is no group '" + name + "': there are " + names()));
    }

    @Override
    public Barrier barrier(String name) {
        return as(Barrier.class, name);
    }

    @Override
    public CoordinatorBarrier barrierGroup(String name) {
        return as(CoordinatorBarrier.class, name);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Collective<T> collective(String name, Class<T> payloadType) {
        Collective<?> found = as(Collective.class, name);
        requireValues(name, payloadType);
        return (Collective<T>) found;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CoordinatorCollective<T> collectiveGroup(String name, Class<T> payloadType) {
        CoordinatorCollective<?> found = as(CoordinatorCollective.class, name);
        requireValues(name, payloadType);
        return (CoordinatorCollective<T>) found;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CollectiveConfig<T> collectiveConfig(String name, Class<T> payloadType) {
        as(Collective.class, name);
        requireValues(name, payloadType);
        return (CollectiveConfig<T>)
                CollectiveAdapter.of(require(name)).orElseThrow().config();
    }

    private void requireValues(String name, Class<?> payloadType) {
        Class<?> configured = require(name).definition().payloadType();
        if (configured != null
                && ClassUtils.resolvePrimitiveIfNecessary(configured)
                        != ClassUtils.resolvePrimitiveIfNecessary(payloadType)) {
            throw new GroupMismatchException(
                    require(name) + " has values of " + configured.getName() + ", and not of " + payloadType.getName());
        }
    }

    @Override
    public BroadcastGroup broadcastGroup(String name) {
        return as(BroadcastGroup.class, name);
    }

    @Override
    public BroadcastReceiver broadcastReceiver(String name) {
        return as(BroadcastReceiver.class, name);
    }

    private <T extends Group> T as(Class<T> type, String name) {
        GroupBinding group = require(name);
        if (group.definition().kind().coordinatorType() == type && !type.isInstance(group.proxy())) {
            ElectedCoordinator elected = session(group).elected().orElse(null);
            if (elected != null) {
                return elected.proxy(group, type);
            }
        }
        if (!type.isInstance(group.proxy())) {
            Role role = group.session().role();
            throw new GroupMismatchException(group + " is a "
                    + group.definition().kind().beanType(role).getSimpleName() + " here, at the "
                    + role.name().toLowerCase(Locale.ROOT) + ", and no " + type.getSimpleName());
        }
        return type.cast(group.proxy());
    }

    private SessionBinding session(GroupBinding group) {
        return sessions.session(group.session().sessionName()).orElseThrow();
    }

    @Override
    public boolean isCoordinator(String group) {
        return session(require(group)).isCoordinator();
    }

    @Override
    public CoordinatorBarrier createBarrier(String name, GroupConfig config) {
        return CoordinatorBarrier.class.cast(create(GroupDefinition.inCode(name, GroupType.BARRIER.kind(), config)));
    }

    @Override
    public BroadcastGroup createBroadcast(String name, GroupConfig config) {
        return BroadcastGroup.class.cast(create(GroupDefinition.inCode(name, GroupType.BROADCAST.kind(), config)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CoordinatorCollective<T> createCollective(String name, GroupConfig config, CollectiveConfig<T> values) {
        return (CoordinatorCollective<T>) create(GroupDefinition.inCode(name, CollectiveKind.of(values), config));
    }

    private Group create(GroupDefinition definition) {
        try {
            return open(Role.COORDINATOR, definition);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a coordinator waits for nobody", e);
        }
    }

    @Override
    public Barrier joinBarrier(String name) throws InterruptedException {
        return joinBarrier(name, byName(name));
    }

    @Override
    public BroadcastReceiver joinBroadcast(String name) throws InterruptedException {
        return joinBroadcast(name, byName(name));
    }

    private static MembershipConfig byName(String name) {
        return MembershipConfig.builder().name(name).build();
    }

    @Override
    public Barrier joinBarrier(String name, MembershipConfig config) throws InterruptedException {
        return Barrier.class.cast(join(GroupDefinition.inCode(name, GroupType.BARRIER.kind(), config)));
    }

    @Override
    public BroadcastReceiver joinBroadcast(String name, MembershipConfig config) throws InterruptedException {
        return BroadcastReceiver.class.cast(join(GroupDefinition.inCode(name, GroupType.BROADCAST.kind(), config)));
    }

    @Override
    public <T> Collective<T> joinCollective(String name, CollectiveConfig<T> values) throws InterruptedException {
        return joinCollective(name, byName(name), values);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Collective<T> joinCollective(String name, MembershipConfig config, CollectiveConfig<T> values)
            throws InterruptedException {
        return (Collective<T>) join(GroupDefinition.inCode(name, CollectiveKind.of(values), config));
    }

    private Group join(GroupDefinition definition) throws InterruptedException {
        return open(Role.MEMBER, definition);
    }

    private Group open(Role role, GroupDefinition definition) throws InterruptedException {
        SessionBinding session = onlySession(role);
        GroupBinding group = sessions.add(session, definition);
        try {
            session.open(group);
        } catch (InterruptedException | RuntimeException e) {
            sessions.remove(group);
            throw e;
        }
        return group.proxy();
    }

    private SessionBinding onlySession(Role role) {
        List<SessionBinding> candidates =
                visible.stream().filter(session -> session.role() == role).toList();
        if (candidates.size() != 1) {
            String wanted = role.name().toLowerCase(Locale.ROOT);
            throw new IllegalStateException(
                    candidates.isEmpty()
                            ? "this application is not the " + wanted + " of a session here"
                            : "this application is the " + wanted
                                    + " of several sessions: choose one with inSession, of "
                                    + sessionNames(candidates));
        }
        return candidates.get(0);
    }

    @Override
    public void remove(String name) {
        GroupBinding group = require(name);
        if (!group.definition().isInCode()) {
            throw new IllegalArgumentException(group + " can't be removed: it is configured, by "
                    + group.definition().origin());
        }
        sessions.remove(group);
    }
}
