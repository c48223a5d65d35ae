package io.camure.spring.observation;

import io.camure.Headers;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.List;

/**
 * A message is put into the send window of a broadcast, which waits while that is full. What a tracer tells with it becomes headers of the
 * message.
 */
public final class CamureSenderObservationContext extends SenderContext<Headers.Builder>
        implements CamureObservationContext {

    private final String group;
    private final String node;

    /**
     * An observation that begins, of a message that carries a trace, and no other fields.
     *
     * @param group the name as in {@code camure.groups}
     * @param node what this node calls itself
     */
    public CamureSenderObservationContext(String group, String node) {
        this(group, node, Headers.builder(), new TraceFields(List.of()));
    }

    CamureSenderObservationContext(String group, String node, Headers.Builder headers, TraceFields fields) {
        super(fields.ofMessage(), Kind.PRODUCER);
        this.group = group;
        this.node = node;
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
}
