package io.camure.spring.boot.autoconfigure.metrics;

import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpoint.DropReason;
import io.camure.spring.listener.ListenerObservers;
import io.camure.spring.listener.ListenerRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
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
            public void onListener(String group, String listener) {
                // Both, since the first failure would not be an increase of a counter that begins with it.
                timer(registry, group, listener, "success");
                timer(registry, group, listener, "failure");
                listeners.endpoints().stream()
                        .filter(endpoint -> endpoint.id().equals(listener))
                        .forEach(endpoint -> bindQueue(registry, endpoint));
            }

            @Override
            public void onHandled(String group, String listener, Duration duration, @Nullable Throwable failure) {
                timer(registry, group, listener, failure == null ? "success" : "failure")
                        .record(duration);
            }
        });
    }

    private static void bindQueue(MeterRegistry registry, CamureListenerEndpoint listener) {
        Gauge.builder("camure.listener.running", listener, of -> of.isRunning() ? 1 : 0)
                .description("1 while the listener takes messages")
                .tag("group", listener.group())
                .tag("listener", listener.id())
                .register(registry);
        Gauge.builder("camure.listener.queue.size", listener, CamureListenerEndpoint::queueSize)
                .description("Messages that wait for the listener")
                .baseUnit("messages")
                .tag("group", listener.group())
                .tag("listener", listener.id())
                .register(registry);
        Gauge.builder("camure.listener.queue.capacity", listener, CamureListenerEndpoint::queueCapacity)
                .description("Messages that can wait for the listener")
                .baseUnit("messages")
                .tag("group", listener.group())
                .tag("listener", listener.id())
                .register(registry);
        for (DropReason reason : DropReason.values()) {
            FunctionCounter.builder("camure.listener.dropped", listener, of -> of.dropped(reason))
                    .description("Messages that did not get to the listener")
                    .baseUnit("messages")
                    .tag("group", listener.group())
                    .tag("listener", listener.id())
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private static Timer timer(MeterRegistry registry, String group, String listener, String result) {
        return Timer.builder("camure.listener")
                .description("Time that a listener takes for a message")
                .tag("group", group)
                .tag("listener", listener)
                .tag("result", result)
                .minimumExpectedValue(Duration.ofNanos(10_000))
                .register(registry);
    }
}
