package io.camure.test.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.GroupListener;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
public final class RecordingListener implements GroupListener {

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void memberJoined(InetSocketAddress member) {
        events.add("joined " + member);
    }

    @Override
    public void memberLeft(InetSocketAddress member) {
        events.add("left " + member);
    }

    @Override
    public void memberLost(InetSocketAddress member) {
        events.add("lost " + member);
    }

    @Override
    public void memberEvicted(InetSocketAddress member) {
        events.add("evicted " + member);
    }

    @Override
    public void memberSlow(InetSocketAddress member) {
        events.add("slow " + member);
    }

    @Override
    public void memberCaughtUp(InetSocketAddress member) {
        events.add("caught up " + member);
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
