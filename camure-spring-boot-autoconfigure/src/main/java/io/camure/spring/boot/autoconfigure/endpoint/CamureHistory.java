package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.CamureEvent;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBindings;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Records what the sessions do, so that whoever looks when something has gone wrong sees what was before. A thread of its own looks
 * once a second. Memory is bounded: see {@link GroupTrack}; groups that are removed are forgotten. Thread-safe.
 */
final class CamureHistory implements SmartLifecycle {

    static final int EVENTS = 200;

    private static final Logger log = LoggerFactory.getLogger(CamureHistory.class);

    private static final long PERIOD_MILLIS = 1000;

    private final SessionBindings sessions;

    /** All guarded by this. */
    private final Map<GroupBinding, GroupTrack> tracks = new HashMap<>();

    private final Deque<Past> events = new ArrayDeque<>();
    private @Nullable ScheduledExecutorService sampler;
    private boolean told;

    /**
     * Something that has happened.
     *
     * @param general without what exceptions of the application say
     */
    private record Past(EventDescriptor whole, EventDescriptor general) {}

    CamureHistory(SessionBindings sessions) {
        this.sessions = sessions;
    }

    @Override
    public synchronized void start() {
        if (sampler == null) {
            ScheduledExecutorService starting = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "camure-history");
                thread.setDaemon(true);
                return thread;
            });
            starting.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
            sampler = starting;
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService stopping = sampler;
        if (stopping != null) {
            stopping.shutdown();
            sampler = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return sampler != null;
    }

    /** Looks while sessions run; events come at any time. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    /** Also by the thread that publishes an event: it takes no time. */
    @EventListener
    void onEvent(CamureEvent event) {
        Instant now = Instant.now();
        Past described = new Past(EventDescriptions.of(event, now, true), EventDescriptions.of(event, now, false));
        synchronized (this) {
            events.addLast(described);
            if (events.size() > EVENTS) {
                events.removeFirst();
            }
        }
    }

    /** An exception would be the last look. */
    private void look() {
        try {
            sample(Instant.now());
        } catch (RuntimeException | Error e) {
            tell("what sessions do", e);
        }
    }

    /** What can't be recorded of one group leaves a gap in its past, and none in that of others. */
    synchronized void sample(Instant now) {
        List<GroupBinding> groups = sessions.groups();
        tracks.keySet().retainAll(groups);
        for (GroupBinding group : groups) {
            try {
                sample(group, now);
            } catch (RuntimeException | Error e) {
                tell(group, e);
            }
        }
    }

    private void sample(GroupBinding group, Instant now) {
        GroupTrack track = tracks.get(group);
        if (track == null) {
            tracks.put(group, new GroupTrack(group.adapter().sample(), now));
        } else {
            track.add(group.adapter().sample(), now);
        }
    }

    private synchronized void tell(Object what, Throwable failure) {
        log.atLevel(told ? Level.DEBUG : Level.WARN)
                .setCause(failure)
                .log("The history of the endpoint lacks {}. It goes on; this is said once", what);
        told = true;
    }

    /** @param shown whether it is told what exceptions of the application say */
    synchronized HistoryDescriptor describe(boolean shown) {
        List<GroupHistoryDescriptor> groups = new ArrayList<>();
        for (GroupBinding group : sessions.groups()) {
            GroupTrack track = tracks.get(group);
            if (track != null) {
                groups.add(track.describe(group.name(), group.session().sessionName()));
            }
        }
        List<EventDescriptor> told = events.stream()
                .map(past -> shown ? past.whole() : past.general())
                .toList();
        return new HistoryDescriptor(Instant.now(), GroupTrack.INTERVAL.toMillis(), groups, told);
    }
}
