package io.camure.spring.integration;

import io.camure.spring.boot.autoconfigure.ElectionEngine;
import io.camure.spring.election.CoordinatorElection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.metadata.ConcurrentMetadataStore;

/**
 * Elects whoever the application's own leader initiator has made leader, as its events tell, be it of ZooKeeper, Hazelcast, or anything
 * else that Spring Integration has one for.
 */
final class EventsEngine implements ElectionEngine, ApplicationListener<AbstractLeaderEvent> {

    private final @Nullable ConcurrentMetadataStore store;
    private final List<EventsElection> elections = new CopyOnWriteArrayList<>();

    /** @param store has the terms; {@code null} for elections without them */
    EventsEngine(@Nullable ConcurrentMetadataStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "events";
    }

    @Override
    public boolean mustBeNamed() {
        return true;
    }

    @Override
    public CoordinatorElection election(String name, Duration lease) {
        EventsElection election =
                new EventsElection(name, store == null ? null : new TermRecords(store, "camure.election." + name));
        elections.add(election);
        return election;
    }

    @Override
    public void onApplicationEvent(AbstractLeaderEvent event) {
        elections.forEach(election -> election.onEvent(event));
    }
}
