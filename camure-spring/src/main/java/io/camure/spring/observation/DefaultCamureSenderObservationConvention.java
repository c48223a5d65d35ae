package io.camure.spring.observation;

import io.camure.spring.observation.CamureKeyNames.HighCardinality;
import io.camure.spring.observation.CamureKeyNames.LowCardinality;
import io.micrometer.common.KeyValues;

/** What {@link CamureObservation#SEND} documents. Can be extended. */
public class DefaultCamureSenderObservationConvention implements CamureSenderObservationConvention {

    static final String NAME = "camure.send";

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getContextualName(CamureSenderObservationContext context) {
        return "send " + context.getGroup();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(CamureSenderObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue("camure"),
                LowCardinality.OPERATION.withValue("send"),
                LowCardinality.GROUP.withValue(context.getGroup()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(CamureSenderObservationContext context) {
        return KeyValues.of(HighCardinality.NODE.withValue(context.getNode()));
    }
}
