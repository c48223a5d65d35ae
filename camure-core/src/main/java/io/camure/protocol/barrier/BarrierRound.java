package io.camure.protocol.barrier;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.round.RoundWork;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.RoundContext;
import org.jspecify.annotations.Nullable;

/** The rounds of a barrier at its coordinator, in which nodes do nothing but wait for each other. */
public final class BarrierRound extends RoundWork {

    BarrierRound(GroupContext group, LossPolicy lossPolicy, Nonces nonces) {
        super(group, ChunkType.BARRIER_REACHED, lossPolicy, new BarrierEnd(group, nonces));
    }

    @Override
    protected byte @Nullable [] contextIn(ChunkReader reached) {
        return RoundContext.in(reached);
    }
}
