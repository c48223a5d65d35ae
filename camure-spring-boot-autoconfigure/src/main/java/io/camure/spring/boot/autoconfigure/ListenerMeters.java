package io.camure.spring.boot.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long listeners take, and what they throw. */
final class ListenerMeters implements MeterBinder {

    private final ListenerRegistry listeners;

    ListenerMeters(ListenerRegistry listeners) {
        this.listeners = listeners;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        listeners.observers().add(new ListenerObservers.Observer() {

            @Override
            public void onListener(String group) {
                timer(registry, group, null);
            }

            @Override
            public void onHandled(String group, Duration duration, @Nullable Throwable failure) {
                timer(registry, group, failure).record(duration);
            }
        });
    }

    private static Timer timer(MeterRegistry registry, String group, @Nullable Throwable failure) {
        return Timer.builder("camure.listener")
                .description("Time that a listener takes for a message")
                .tag("group", group)
                .tag("result", failure == null ? "success" : "failure")
                .tag("exception", failure == null ? "none" : failure.getClass().getSimpleName())
                .register(registry);
    }
}
