package io.camure.protocol.round;

import io.camure.wire.NodeIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what stands in traces for a round some of whose participants have told in which trace they wait. */
@FunctionalInterface
public interface RoundTracer {

    /**
     * A round is complete, and released as soon as this returns.
     *
     * @param elapsedNanos since the first participant arrived
     * @param last who arrived last; {@code null} is the coordinator
     * @param contexts what was told, in the order of the arrivals; of many, the first 64
     * @return {@link io.camure.wire.RoundContext#BYTES} bytes, or {@code null} for nothing
     */
    byte @Nullable [] onComplete(
            long round, int participants, long elapsedNanos, @Nullable NodeIdentity last, List<byte[]> contexts);
}
