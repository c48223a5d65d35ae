package io.camure.spring.observation;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.List;
import java.util.Map;
import org.springframework.messaging.MessageHeaders;

/** A listener is given a message, whose headers may tell in which trace it was sent. */
public final class CamureListenerObservationContext extends ReceiverContext<MessageHeaders>
        implements CamureObservationContext {

    private final String group;
    private final String node;
    private final String listenerId;

    /**
     * An observation that begins, of a message without headers.
     *
     * @param group the name as in {@code camure.groups}
     * @param node what this node calls itself
     */
    public CamureListenerObservationContext(String group, String node, String listenerId) {
        this(group, node, listenerId, new MessageHeaders(Map.of()), new TraceFields(List.of()));
    }

    CamureListenerObservationContext(
            String group, String node, String listenerId, MessageHeaders headers, TraceFields fields) {
        super(fields, Kind.CONSUMER);
        this.group = group;
        this.node = node;
        this.listenerId = listenerId;
        setCarrier(headers);
    }

    @Override
    public String getGroup() {
        return group;
    }

    @Override
    public String getNode() {
        return node;
    }

    /** The listener's id. */
    public String getListenerId() {
        return listenerId;
    }
}
