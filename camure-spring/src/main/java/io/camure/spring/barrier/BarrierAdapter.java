package io.camure.spring.barrier;

import io.camure.spring.round.RoundRecord;
import io.camure.spring.session.GroupBinding;
import java.util.Optional;

/** A barrier at either side. */
sealed interface BarrierAdapter permits BarrierCoordinatorAdapter, BarrierMemberAdapter {

    /** The rounds that this node has waited for. */
    RoundRecord rounds();

    /** Nothing for a group of another kind. */
    static Optional<BarrierAdapter> of(GroupBinding group) {
        return group.adapter() instanceof BarrierAdapter adapter ? Optional.of(adapter) : Optional.empty();
    }
}
