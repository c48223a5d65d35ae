package io.camure.spring.boot.autoconfigure;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;

/**
 * Boot's own, but that the application refuses traffic until all gates are passed, whatever events say: Boot publishes that
 * it accepts traffic when the application has started.
 */
final class GatedApplicationAvailability extends ApplicationAvailabilityBean {

    private final BooleanSupplier gatesPassed;

    GatedApplicationAvailability(BooleanSupplier gatesPassed) {
        this.gatesPassed = gatesPassed;
    }

    @Override
    public <S extends AvailabilityState> S getState(Class<S> stateType, S defaultState) {
        return gated(stateType, super.getState(stateType, defaultState));
    }

    @Override
    public <S extends AvailabilityState> @Nullable S getState(Class<S> stateType) {
        S state = super.getState(stateType);
        return state == null ? null : gated(stateType, state);
    }

    private <S extends AvailabilityState> S gated(Class<S> stateType, S state) {
        return state == ReadinessState.ACCEPTING_TRAFFIC && !gatesPassed.getAsBoolean()
                ? stateType.cast(ReadinessState.REFUSING_TRAFFIC)
                : state;
    }
}
