package io.camure.spring.observation;

import io.camure.spring.observation.CamureKeyNames.HighCardinality;
import io.camure.spring.observation.CamureKeyNames.LowCardinality;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations that there are. A listener's goes on with the trace in which the message was sent, if that was sampled. */
public enum CamureObservation implements ObservationDocumentation {

    /** A listener is given a message; one that its condition passes over is observed, too. */
    PROCESS {

        @Override
        public String getName() {
            return DefaultCamureListenerObservationConvention.NAME;
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultCamureListenerObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return LowCardinality.values();
        }
    },

    /** A message is sent by a bean of a broadcast, which also the template does. */
    SEND {

        @Override
        public String getName() {
            return DefaultCamureSenderObservationConvention.NAME;
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultCamureSenderObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {LowCardinality.SYSTEM, LowCardinality.OPERATION, LowCardinality.GROUP};
        }
    };

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return HighCardinality.values();
    }
}
