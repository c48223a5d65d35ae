package io.camure.test.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.GroupListener;
import io.camure.Node;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, with the addresses of the members. */
public final class RecordingListener implements GroupListener {

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void memberJoined(Node member) {
        events.add("joined " + member.address());
    }

    @Override
    public void memberLeft(Node member) {
        events.add("left " + member.address());
    }

    @Override
    public void memberLost(Node member) {
        events.add("lost " + member.address());
    }

    @Override
    public void memberEvicted(Node member) {
        events.add("evicted " + member.address());
    }

    @Override
    public void memberSlow(Node member) {
        events.add("slow " + member.address());
    }

    @Override
    public void memberCaughtUp(Node member) {
        events.add("caught up " + member.address());
    }

    public void awaitEvents(String... expected) {
        await().atMost(Loopback.LONG)
                .untilAsserted(() -> assertThat(events).hasSizeGreaterThanOrEqualTo(expected.length));
        assertThat(events).containsExactly(expected);
    }

    /** Waits until the last event is that, whatever there was between. */
    public void awaitLast(String expected) {
        await().atMost(Loopback.LONG).untilAsserted(() -> assertThat(events).endsWith(expected));
    }
}
