package io.camure.spring.observation;

import io.camure.spring.observation.CamureKeyNames.HighCardinality;
import io.camure.spring.observation.CamureKeyNames.LowCardinality;
import io.micrometer.common.KeyValues;

/** What {@link CamureObservation#PROCESS} documents. Can be extended. */
public class DefaultCamureListenerObservationConvention implements CamureListenerObservationConvention {

    static final String NAME = "camure.process";

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getContextualName(CamureListenerObservationContext context) {
        return "process " + context.getGroup();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(CamureListenerObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue("camure"),
                LowCardinality.OPERATION.withValue("process"),
                LowCardinality.GROUP.withValue(context.getGroup()),
                LowCardinality.LISTENER.withValue(context.getListenerId()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(CamureListenerObservationContext context) {
        return KeyValues.of(HighCardinality.NODE.withValue(context.getNode()));
    }
}
