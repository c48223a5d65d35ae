package io.camure.spring.boot.test;

import io.camure.spring.CamureEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.context.event.EventListener;

/** The {@link CamureEvent}s of the application, in order: who came and went, and what was lost and regained. Thread-safe. */
public final class CamureTestEvents {

    private final Duration timeout;
    private final List<CamureEvent> events = new CopyOnWriteArrayList<>();

    CamureTestEvents(Duration timeout) {
        this.timeout = timeout;
    }

    @EventListener
    void onEvent(CamureEvent event) {
        events.add(event);
    }

    /** All so far. */
    public List<CamureEvent> all() {
        return List.copyOf(events);
    }

    /** Those of a type so far. */
    public <E extends CamureEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Waits until there is one of a type.
     *
     * @return the last one there is then
     * @throws ConditionTimeoutException when there is none within {@code camure.test.timeout}
     */
    public <E extends CamureEvent> E await(Class<E> type) {
        List<E> found = Awaitility.await(type.getSimpleName())
                .atMost(timeout)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> of(type), matching -> !matching.isEmpty());
        return found.get(found.size() - 1);
    }

    /** Forgets all; done after each test method. What is being published meanwhile still comes. */
    public void clear() {
        events.clear();
    }
}
