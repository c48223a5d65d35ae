package io.camure.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

/** Has tasks run in the observation that is current where they are given away. */
public final class CurrentObservation implements TaskDecorator {

    private final Supplier<? extends @Nullable ObservationRegistry> registry;

    /** @param registry asked at each call */
    public CurrentObservation(Supplier<? extends @Nullable ObservationRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Runnable decorate(Runnable task) {
        ObservationRegistry from = registry.get();
        Observation current = from == null ? null : from.getCurrentObservation();
        return current == null ? task : () -> current.scoped(task);
    }
}
