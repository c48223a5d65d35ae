package io.camure.protocol.barrier;

import io.camure.protocol.group.MemberLink;
import io.camure.protocol.round.ArrivalWork;
import io.camure.protocol.round.RoundBreak;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.ReleaseProof;
import io.camure.wire.RoundContext;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The rounds of a barrier at a member. */
public final class BarrierArrival extends ArrivalWork {

    BarrierArrival(int membership, MemberLink link) {
        super(membership, link, ChunkType.BARRIER_RELEASED);
    }

    @Override
    protected ByteBuffer writeReached(long delayMicros, long releaseNonce) {
        ByteBuffer chunk = link.control();
        ChunkWriter.barrierReached(chunk, group(), round(), delayMicros, membership);
        byte[] told = context(Capability.ROUND_CONTEXTS);
        if (provesReleases() || told != null) {
            ReleaseProof.put(chunk, provesReleases() ? releaseNonce : 0);
        }
        if (told != null) {
            RoundContext.put(chunk, told);
        }
        return chunk;
    }

    @Override
    protected byte @Nullable [] contextIn(ChunkReader end) {
        return RoundContext.in(end);
    }

    @Override
    protected RoundBreak readBreak(ChunkReader end) {
        boolean reset = end.brokenCause() == RoundBreak.Cause.RESET.ordinal();
        return new RoundBreak(reset ? RoundBreak.Cause.RESET : RoundBreak.Cause.MEMBER_LOST, end.missingMembers());
    }
}
