package io.camure.protocol.barrier;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundEnd;
import io.camure.wire.ChunkWriter;
import io.camure.wire.ReleaseProof;
import io.camure.wire.RoundContext;
import java.nio.ByteBuffer;

/** The end of a barrier's last round, told by BarrierReleased or BarrierBroken. */
final class BarrierEnd extends RoundEnd {

    BarrierEnd(GroupContext group, Nonces nonces) {
        super(group, nonces);
    }

    @Override
    protected ByteBuffer write(int lastArrived) {
        ByteBuffer chunk = link.control();
        RoundBreak why = broken();
        if (why == null) {
            ChunkWriter.barrierReleased(chunk, group.id(), round(), participants(), group.epoch(), lastArrived);
            byte[] told = context();
            if (link.givesNonces() || told != null) {
                ReleaseProof.put(chunk, nonce());
            }
            if (told != null) {
                RoundContext.put(chunk, told);
            }
        } else {
            ChunkWriter.barrierBroken(
                    chunk, group.id(), round(), group.epoch(), why.cause().ordinal(), why.nodes(), longestBytes());
        }
        return chunk;
    }
}
