package io.camure.spring.observation;

/** A listener is given a message. */
public final class CamureListenerObservationContext extends CamureObservationContext {

    private final String listenerId;

    /**
     * An observation that begins.
     *
     * @param group the name as in {@code camure.groups}
     * @param node what this node calls itself
     */
    public CamureListenerObservationContext(String group, String node, String listenerId) {
        super(group, node);
        this.listenerId = listenerId;
    }

    /** The listener's id. */
    public String getListenerId() {
        return listenerId;
    }
}
