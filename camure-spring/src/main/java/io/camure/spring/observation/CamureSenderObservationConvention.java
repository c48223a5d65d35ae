package io.camure.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How observations of sending are called, and what they say; a bean of this type replaces the default. */
public interface CamureSenderObservationConvention extends ObservationConvention<CamureSenderObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof CamureSenderObservationContext;
    }
}
