package io.camure.spring.observation;

import io.micrometer.observation.Observation;

/** What is known of an observation: the group, and this node. */
public abstract sealed class CamureObservationContext extends Observation.Context
        permits CamureListenerObservationContext, CamureSenderObservationContext {

    private final String group;
    private final String node;

    CamureObservationContext(String group, String node) {
        this.group = group;
        this.node = node;
    }

    /** The name of the group as in {@code camure.groups}. */
    public final String getGroup() {
        return group;
    }

    /** What this node calls itself: {@code camure.name}. */
    public final String getNode() {
        return node;
    }
}
