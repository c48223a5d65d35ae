package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Round;
import io.camure.RoundHistory;
import io.camure.RoundProgress;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.round.RoundCoordinatorAdapter;

/** A barrier at its coordinator. */
final class BarrierCoordinatorAdapter extends RoundCoordinatorAdapter<CoordinatorBarrier> implements BarrierAdapter {

    BarrierCoordinatorAdapter(GroupContext group) {
        super(CoordinatorBarrier.class, group, BarrierKind.NAME, Barrier.class, (method, round) -> (Round) round);
    }

    @Override
    public CoordinatorBarrier create(Coordinator coordinator) {
        return coordinator.createBarrier(group().config());
    }

    @Override
    protected RoundProgress progress(CoordinatorBarrier open) {
        return open.progress();
    }

    @Override
    protected RoundHistory history(CoordinatorBarrier open) {
        return open.history();
    }
}
