package io.camure.spring.listener;

import io.camure.MessageHandler;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.broadcast.BroadcastKind;
import io.camure.spring.kind.Role;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.SessionBindings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** The listeners of this application. They start after the session and stop before it, and let a message be handled to the end. */
public final class ListenerRegistry implements CamureListenerEndpointRegistry, SmartLifecycle, DisposableBean {

    /** Above the session and Boot's web server, where other listener containers are. */
    public static final int PHASE = Integer.MAX_VALUE - 100;

    private final SessionBindings sessions;
    private final boolean enabled;
    private final ListenerFactory factory;
    private final ListenerObservers observers = new ListenerObservers();

    /** By id; guarded by this. */
    private final Map<String, ListenerEndpoint> endpoints = new LinkedHashMap<>();

    /** Guarded by this. */
    private final Map<GroupBinding, GroupReader> readers = new HashMap<>();

    private boolean running;

    /** @param enabled whether anything is to be listened to; may not be known before the application is started */
    public ListenerRegistry(SessionBindings sessions, boolean enabled, ListenerFactory factory) {
        this.sessions = sessions;
        this.enabled = enabled;
        this.factory = factory;
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(GroupBinding group) {
                // Listeners come later.
            }

            @Override
            public void onRemoved(GroupBinding group) {
                endListenersOf(group);
            }
        });
    }

    public ListenerObservers observers() {
        return observers;
    }

    /** Whether there is anything to listen to for it, in this application in its role. */
    boolean isFor(Method method, CamureListener annotation) {
        return enabled && factory.isFor(sessions, name(method), annotation);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** @throws CamureConfigurationException when it can't listen as it is */
    public void add(ListenerBean bean, Method method, CamureListener annotation) {
        if (!isFor(method, annotation)) {
            return;
        }
        String name = name(method);
        ListenerSettings settings = factory.settings(name, annotation);
        GroupBinding group = ListenerGroups.require(name, settings.group(), sessions);
        add(factory.create(reader(group), settings, bean, method, observers));
    }

    private void add(ListenerEndpoint endpoint) {
        put(endpoint);
        // Not while this is locked: whoever is told may ask for the listeners.
        observers.onListener(endpoint.group(), endpoint.id());
        synchronized (this) {
            if (running && endpoint.isAutoStartup()) {
                endpoint.start();
            }
        }
    }

    private synchronized GroupReader reader(GroupBinding group) {
        return readers.computeIfAbsent(group, factory::reader);
    }

    private synchronized void put(ListenerEndpoint endpoint) {
        for (ListenerEndpoint other : endpoints.values()) {
            if (other.id().equals(endpoint.id())) {
                throw new CamureConfigurationException(
                        "Both " + other + " and " + endpoint + " have the id '" + endpoint.id() + "'.",
                        "Give each listener an id of its own: without one, it has the name of its group.");
            } else if (other.group().equals(endpoint.group())) {
                requireShareable(other, endpoint);
                requireShareable(endpoint, other);
            }
        }
        endpoints.put(endpoint.id(), endpoint);
        endpoint.attach();
    }

    private static void requireShareable(ListenerEndpoint endpoint, ListenerEndpoint other) {
        String problem =
                "Both " + other + " and " + endpoint + " listen to group '" + endpoint.group() + "', but " + endpoint;
        if (endpoint.isStreaming()) {
            throw new CamureConfigurationException(
                    problem + " reads messages as streams, which can be read once.",
                    "Take the content as byte[] in each of them, or call one of them from the other.");
        } else if (endpoint.isFor(OnFull.FAIL)) {
            throw new CamureConfigurationException(
                    problem + " has onFull = FAIL, by which it would leave the group for all of them.",
                    "Set onFull to WAIT, DROP_NEWEST, DROP_OLDEST or LATEST.");
        }
    }

    @Override
    public CamureListenerEndpoint register(String id, String group, MessageHandler handler) {
        GroupBinding found =
                sessions.group(group).orElseThrow(() -> new UnknownGroupException("there is no group '" + group + "'"));
        if (!BroadcastKind.is(found.definition().kind()) || found.session().role() != Role.MEMBER) {
            throw new GroupMismatchException(found + " has no messages to listen to: only a broadcast at a member has");
        }
        ListenerEndpoint endpoint = factory.create(reader(found), id, handler, observers);
        try {
            add(endpoint);
        } catch (CamureConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return endpoint;
    }

    private void endListenersOf(GroupBinding group) {
        List<ListenerEndpoint> ended;
        synchronized (this) {
            readers.remove(group);
            ended = endpoints.values().stream()
                    .filter(endpoint -> endpoint.group().equals(group.name()))
                    .toList();
            ended.forEach(endpoint -> endpoints.remove(endpoint.id()));
        }
        for (ListenerEndpoint endpoint : ended) {
            observers.onRemoved(endpoint.id());
            endpoint.stop();
        }
    }

    @Override
    public synchronized Collection<CamureListenerEndpoint> endpoints() {
        return List.copyOf(endpoints.values());
    }

    @Override
    public synchronized CamureListenerEndpoint endpoint(String id) {
        ListenerEndpoint endpoint = endpoints.get(id);
        if (endpoint == null) {
            throw new IllegalArgumentException(
                    "there is no listener with the id '" + id + "': there are " + endpoints.keySet());
        }
        return endpoint;
    }

    @Override
    public synchronized void start() {
        running = true;
        endpoints.values().stream().filter(ListenerEndpoint::isAutoStartup).forEach(ListenerEndpoint::start);
    }

    @Override
    public void stop(Runnable callback) {
        stopAll().thenRun(callback);
    }

    @Override
    public void stop() {
        stopAll().join();
    }

    private synchronized CompletableFuture<Void> stopAll() {
        running = false;
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        endpoints.values().forEach(listener -> ends.add(listener.stop()));
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Whoever has not ended in the time that Spring gives to stop is interrupted. */
    @Override
    public synchronized void destroy() {
        stopAll();
        endpoints.values().forEach(ListenerEndpoint::abandon);
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
