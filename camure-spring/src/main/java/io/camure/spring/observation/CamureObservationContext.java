package io.camure.spring.observation;

/** What is known of an observation: the group, and this node. */
public sealed interface CamureObservationContext
        permits CamureListenerObservationContext, CamureSenderObservationContext {

    /** The name of the group as in {@code camure.groups}. */
    String getGroup();

    /** What this node calls itself: {@code camure.name}. */
    String getNode();
}
