package io.camure.spring.kind;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Something of a group that takes time, which those who measure are told of. Thread-safe. */
public final class GroupTimer {

    private final String name;
    private final String description;
    private final Map<String, String> tags;
    private final List<Consumer<Duration>> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param name as Micrometer writes names: {@code camure.round}
     * @param tags beside that of the group
     */
    public GroupTimer(String name, String description, Map<String, String> tags) {
        this.name = name;
        this.description = description;
        this.tags = tags;
    }

    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    public Map<String, String> tags() {
        return tags;
    }

    /** Has a listener told from now on, by those to whom it happens: it must be quick. */
    public void addListener(Consumer<Duration> listener) {
        listeners.add(listener);
    }

    /** It took this long. */
    public void record(Duration duration) {
        listeners.forEach(listener -> listener.accept(duration));
    }
}
