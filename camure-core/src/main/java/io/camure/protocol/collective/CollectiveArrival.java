package io.camure.protocol.collective;

import io.camure.protocol.group.MemberLink;
import io.camure.protocol.round.ArrivalWork;
import io.camure.protocol.round.RoundBreak;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.DropReason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The rounds of a collective at a member: it arrives with what it calls and gives, and is released with what becomes of that. */
public final class CollectiveArrival extends ArrivalWork {

    private static final byte[] NOTHING = {};

    private final Roster roster = new Roster();
    private final Bytes resultBytes = new Bytes();
    private final RoundResult result = new RoundResult(resultBytes);

    /** Of the arrival that was written last; control chunks may be too short. */
    private ByteBuffer written = ByteBuffer.allocate(0);

    private byte[] call = NOTHING;
    private byte[] value = NOTHING;
    private boolean gives;

    CollectiveArrival(int membership, MemberLink link) {
        super(membership, link, ChunkType.COLLECTIVE_RELEASED);
    }

    /** How many bytes of call and value an arrival has room for. */
    public int room() {
        return link.chunkBytes() - CollectiveChunks.HEADER_BYTES;
    }

    /**
     * This member arrives, as {@link #arrive(long)} says; if it has arrived already, what it has given then counts.
     *
     * @param called what is called, see {@link io.camure.wire.CollectiveCall}
     * @param given the value, not to be changed until the round has ended; with the call not more than {@link #room}
     * @param hasValue whether there is one
     */
    public long arrive(byte[] called, byte[] given, boolean hasValue, long nowNanos) {
        if (!hasArrived()) {
            call = called;
            value = given;
            gives = hasValue;
        }
        return arrive(nowNanos);
    }

    @Override
    protected ByteBuffer writeReached(long delayMicros, long releaseNonce) {
        int bytes = CollectiveChunks.HEADER_BYTES + call.length + value.length;
        if (written.capacity() < bytes) {
            written = ByteBuffer.allocateDirect(Math.max(bytes, link.chunkBytes()));
        }
        // It may be repeated in the same turn.
        link.detach(written);
        CollectiveChunks.reached(
                written.clear(), group(), round(), delayMicros, membership, releaseNonce, roster.number(), gives);
        return written.put(call).put(value);
    }

    /** Releases of collectives tell none. */
    @Override
    protected byte @Nullable [] contextIn(ChunkReader end) {
        return null;
    }

    @Override
    protected boolean provesReleases() {
        return true;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        if (chunk.type() != ChunkType.COLLECTIVE_ROSTER) {
            super.onChunk(chunk, nowNanos);
        } else if (!roster.onPage(chunk, link.coordinator(), link.memberId())) {
            link.counters().onDropped(DropReason.DUPLICATE);
        }
    }

    /** Without the roster it does not know who has taken part, and waits for both to be repeated. */
    @Override
    protected boolean takesRelease(ChunkReader release) {
        if (!CollectiveChunks.isWhole(release)) {
            link.counters().onDropped(DropReason.TRUNCATED);
            return false;
        }
        if (CollectiveChunks.roster(release) != roster.number() || roster.rank() < 0) {
            link.counters().onDropped(DropReason.OUT_OF_WINDOW);
            return false;
        }
        resultBytes.clear();
        resultBytes.grow(CollectiveChunks.bodyBytes(release));
        CollectiveChunks.copyBody(release, resultBytes.array());
        result.set(CollectiveChunks.isPresent(release), roster.nodes(), roster.rank());
        return true;
    }

    @Override
    protected RoundBreak readBreak(ChunkReader end) {
        CollectiveChunks.Broken told = CollectiveChunks.broken(end, link.coordinator());
        return new RoundBreak(RoundBreak.Cause.of(told.cause()), told.nodes(), told.calls(), told.detail());
    }

    /** What this member has got of the last round that was released. */
    public RoundResult result() {
        return result;
    }
}
