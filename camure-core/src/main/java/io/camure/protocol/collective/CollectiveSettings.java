package io.camure.protocol.collective;

import io.camure.protocol.round.LossPolicy;
import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveOperation;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator's application decides about a collective.
 *
 * @param codec the name of what makes bytes of values
 * @param reducer the name of what reduces them; empty for none
 * @param reduction reduces them in the turn; {@code null} when only the application can
 * @param hasAction whether the application makes something else of what was reduced
 * @param maximumValueBytes how much a member may give
 * @param computingNanos how long the application may take for that
 */
public record CollectiveSettings(
        LossPolicy lossPolicy,
        String codec,
        String reducer,
        @Nullable Reduction reduction,
        boolean hasAction,
        int maximumValueBytes,
        long computingNanos) {

    /** How this node calls an operation. */
    public byte[] call(CollectiveOperation operation, int root) {
        return CollectiveCall.of(operation, root, reducer, codec);
    }

    /** Whether the application has to compute the result of an operation. */
    boolean needsApplication(CollectiveOperation operation) {
        return operation.isReducing() && reduction == null || operation == CollectiveOperation.ALL_REDUCE && hasAction;
    }
}
