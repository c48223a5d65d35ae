package io.camure.spring.boot.autoconfigure;

import io.camure.spring.boot.autoconfigure.CamureProperties.Group.Type;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/** The listeners of this application. They start after the session and stop before it, and let a message be handled to the end. */
final class CamureListeners implements SmartLifecycle, DisposableBean {

    /** Above the session and Boot's web server, where other listener containers are. */
    static final int PHASE = Integer.MAX_VALUE - 100;

    private final ObjectProvider<CamureSessions> sessions;
    private final CamureProperties properties;
    private final ListenerMethods methods;
    private final ListenerObservers observers = new ListenerObservers();
    private final Map<String, ListenerThread> listeners = new LinkedHashMap<>();
    private boolean running;

    CamureListeners(ObjectProvider<CamureSessions> sessions, CamureProperties properties, ListenerMethods methods) {
        this.sessions = sessions;
        this.properties = properties;
        this.methods = methods;
    }

    ListenerObservers observers() {
        return observers;
    }

    /** @throws CamureConfigurationException when it can't listen as it is */
    synchronized void add(Object bean, Method method, String groupName) {
        if (!properties.enabled()) {
            return;
        }
        ListenerMethod listener = methods.of(bean, method);
        CamureGroup group = requireGroup(listener, methods.resolve(groupName), sessions.getObject());
        ListenerThread thread = new ListenerThread(group, listener, observers);
        ListenerThread other = listeners.putIfAbsent(group.name(), thread);
        if (other != null) {
            throw new CamureConfigurationException(
                    "Both " + other.listener() + " and " + listener + " listen to group '" + group.name() + "'.",
                    "Call one of them from the other: a group has one listener in an application.");
        }
        observers.onListener(group.name());
        if (running) {
            thread.start();
        }
    }

    private static CamureGroup requireGroup(ListenerMethod listener, String name, CamureSessions sessions) {
        String problem = listener + " listens to group '" + name + "', but ";
        if (sessions.all().isEmpty()) {
            throw new CamureConfigurationException(
                    problem + "there is no camure session.",
                    "Set camure.role to member, and the group in camure.groups; or set camure.enabled to false.");
        }
        List<String> broadcasts = sessions.groups().stream()
                .filter(group -> group.plan().type() == Type.BROADCAST)
                .map(CamureGroup::name)
                .toList();
        CamureGroup group = sessions.group(name)
                .orElseThrow(() -> new CamureConfigurationException(
                        problem + "camure.groups has no such group.",
                        "Name one of its broadcast groups, which are " + broadcasts + ", or add this one."));
        if (group.plan().type() != Type.BROADCAST) {
            throw new CamureConfigurationException(
                    problem + "that is a barrier, which has no messages.",
                    "Name one of the broadcast groups, which are " + broadcasts
                            + ", or have the barrier injected and wait at it.");
        }
        if (group.session().role() == Role.COORDINATOR) {
            String role = group.session().prefix() + "role";
            throw new CamureConfigurationException(
                    problem + "this application is the coordinator, which sends broadcasts and receives none.",
                    "Set " + role + " to member, or leave this bean out of the coordinator, for example by"
                            + " @ConditionalOnProperty(name = \"" + role + "\", havingValue = \"member\").");
        }
        return group;
    }

    @Override
    public synchronized void start() {
        running = true;
        listeners.values().forEach(ListenerThread::start);
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
        listeners.values().forEach(listener -> ends.add(listener.stop()));
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
        listeners.values().forEach(ListenerThread::interrupt);
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
