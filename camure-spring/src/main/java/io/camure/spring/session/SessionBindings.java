package io.camure.spring.session;

import io.camure.spring.GroupNameInUseException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** All sessions of this application and their groups, whose names are unique over all of them. */
public final class SessionBindings implements Iterable<SessionBinding> {

    private final Map<String, SessionBinding> sessions = new LinkedHashMap<>();
    private final List<GroupObserver> observers = new CopyOnWriteArrayList<>();

    public SessionBindings(Stream<? extends SessionBinding> sessions) {
        sessions.forEach(session -> this.sessions.put(session.sessionName(), session));
    }

    @Override
    public Iterator<SessionBinding> iterator() {
        return sessions.values().iterator();
    }

    public Collection<SessionBinding> all() {
        return sessions.values();
    }

    /** @param name as in {@code camure.sessions}, or {@code default} */
    public Optional<SessionBinding> session(String name) {
        return Optional.ofNullable(sessions.get(name));
    }

    /** The groups now, those of the configuration first. */
    public List<GroupBinding> groups() {
        return sessions.values().stream()
                .flatMap(session -> session.groups().stream())
                .toList();
    }

    public Optional<GroupBinding> group(String name) {
        return sessions.values().stream()
                .flatMap(session -> session.group(name).stream())
                .findFirst();
    }

    /** Adds a group to what its session creates or joins at each start; a session that is running has yet to do so. */
    public synchronized GroupBinding add(SessionBinding session, GroupDefinition definition) {
        group(definition.name()).ifPresent(other -> {
            throw new GroupNameInUseException("there is a group '" + definition.name() + "' already: " + other);
        });
        GroupBinding group = session.add(definition);
        observers.forEach(observer -> observer.onAdded(group));
        return group;
    }

    public synchronized void remove(GroupBinding group) {
        if (session(group.session().sessionName()).orElseThrow().remove(group)) {
            observers.forEach(observer -> observer.onRemoved(group));
        }
    }

    /** Has an observer told of all groups there are, and of changes from now on. */
    public synchronized void addObserver(GroupObserver observer) {
        groups().forEach(observer::onAdded);
        observers.add(observer);
    }
}
