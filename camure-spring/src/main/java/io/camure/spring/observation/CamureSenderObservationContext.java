package io.camure.spring.observation;

/** A message is put into the send window of a broadcast, which waits while that is full. */
public final class CamureSenderObservationContext extends CamureObservationContext {

    /**
     * An observation that begins.
     *
     * @param group the name as in {@code camure.groups}
     * @param node what this node calls itself
     */
    public CamureSenderObservationContext(String group, String node) {
        super(group, node);
    }
}
