package io.camure.spring.broadcast;

import io.camure.Group;
import io.camure.WindowUse;
import io.camure.spring.kind.GroupAdapter;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What has passed in a broadcast since the application's start, and what is in its window now. Thread-safe. */
final class BroadcastTraffic<G extends Group> {

    private final GroupAdapter<G> adapter;
    private final ToLongFunction<G> messages;
    private final ToLongFunction<G> bytes;
    private final Function<G, WindowUse> window;

    /** Guarded by the adapter, so that what is over is counted neither twice nor not at all. */
    private long pastMessages;

    private long pastBytes;

    BroadcastTraffic(
            GroupAdapter<G> adapter,
            ToLongFunction<G> messages,
            ToLongFunction<G> bytes,
            Function<G, WindowUse> window) {
        this.adapter = adapter;
        this.messages = messages;
        this.bytes = bytes;
        this.window = window;
    }

    /** Keeps what was counted. To be called with the adapter locked. */
    void onDetached(G over) {
        pastMessages += messages.applyAsLong(over);
        pastBytes += bytes.applyAsLong(over);
    }

    /** Never decreases. */
    private long messages() {
        synchronized (adapter) {
            G now = adapter.current();
            return pastMessages + (now == null ? 0 : messages.applyAsLong(now));
        }
    }

    /** Never decreases. */
    private long bytes() {
        synchronized (adapter) {
            G now = adapter.current();
            return pastBytes + (now == null ? 0 : bytes.applyAsLong(now));
        }
    }

    private @Nullable WindowUse window() {
        G now = adapter.current();
        return now == null ? null : window.apply(now);
    }

    /** @param direction {@code sent} or {@code received} */
    List<GroupMeter> meters(String direction) {
        Map<String, String> tags = Map.of("direction", direction);
        return List.of(
                new GroupMeter(
                        "camure.broadcast.messages",
                        GroupMeter.Type.COUNTER,
                        "messages",
                        "Messages of the broadcast",
                        tags,
                        this::messages),
                new GroupMeter(
                        "camure.broadcast.bytes",
                        GroupMeter.Type.COUNTER,
                        "bytes",
                        "Content of the broadcast's messages",
                        tags,
                        this::bytes),
                GroupMeter.gauge(
                        "camure.broadcast.window.used",
                        "chunks",
                        "Chunks in the send window that not all members have, or in the receive window that were not read",
                        () -> {
                            WindowUse use = window();
                            return use == null ? 0 : use.chunks();
                        }),
                GroupMeter.gauge(
                        "camure.broadcast.window.size",
                        "chunks",
                        "Chunks that the send or receive window has room for",
                        () -> {
                            WindowUse use = window();
                            return use == null ? 0 : use.capacity();
                        }));
    }

    /** For the endpoint. */
    Map<String, Object> details() {
        Map<String, Object> broadcast = new LinkedHashMap<>();
        broadcast.put("messages", messages());
        broadcast.put("bytes", bytes());
        WindowUse use = window();
        if (use != null) {
            broadcast.put("windowChunks", use.chunks());
            broadcast.put("windowCapacity", use.capacity());
        }
        return Map.of("broadcast", broadcast);
    }

    /** For what is recorded. */
    GroupSample sample() {
        WindowUse use = window();
        return new GroupSample(
                Map.of("messages", messages(), "bytes", bytes()),
                use == null ? Map.of() : Map.of("windowChunks", (long) use.chunks()),
                Map.of(),
                List.of(),
                List.of());
    }
}
