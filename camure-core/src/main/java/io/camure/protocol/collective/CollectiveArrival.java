package io.camure.protocol.collective;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.round.ArrivalWork;
import io.camure.protocol.round.RoundBreak;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.DropReason;
import io.camure.wire.LongValue;
import io.camure.wire.RoundContext;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** The rounds of a collective at a member: it arrives with what it calls and gives, and is released with what becomes of that. */
public final class CollectiveArrival extends ArrivalWork {

    private static final byte[] NOTHING = {};

    /** How often an arrival is said in one datagram that may be too long to get there. */
    private static final int MOST_TRIES = 6;

    private static final EnumSet<ChunkType> RESULTS = EnumSet.of(
            ChunkType.BROADCAST_FIRST_FRAGMENT,
            ChunkType.BROADCAST_FRAGMENT,
            ChunkType.BROADCAST_FINAL_FRAGMENT,
            ChunkType.BROADCAST_PIECE,
            ChunkType.BROADCAST_QUERY);

    private final Roster roster = new Roster();
    private final Bytes resultBytes = new Bytes();
    private final RoundResult result = new RoundResult(resultBytes);

    /** Of the arrival that was written last; control chunks may be too short. */
    private ByteBuffer written = ByteBuffer.allocate(0);

    private byte[] call = NOTHING;
    private byte[] value = NOTHING;
    private boolean gives;
    private final UplinkSending uplink;
    private final ResultReceiving longResult;

    /** Whether the value goes by the uplink. */
    private boolean byUplink;

    /** How often this member has said that it has arrived, without an answer. */
    private int tries;

    /** How long the chunk was that said so last. */
    private int reachedBytes;

    CollectiveArrival(int membership, MemberLink link) {
        super(membership, link, ChunkType.COLLECTIVE_RELEASED);
        uplink = new UplinkSending(membership, link);
        longResult = new ResultReceiving(membership, link);
    }

    @Override
    public void onWelcome(int id, long epoch, long generation, long firstSequence, long nowNanos) {
        super.onWelcome(id, epoch, generation, firstSequence, nowNanos);
        uplink.onWelcome(id, epoch);
        longResult.onWelcome(id, epoch);
    }

    /**
     * This member arrives, as {@link #arrive(long)} says; if it has arrived already, what it has given then counts.
     *
     * @param called what is called, see {@link io.camure.wire.CollectiveCall}
     * @param given the value, not to be changed until the round has ended
     * @param hasValue whether there is one
     */
    public long arrive(byte[] called, byte[] given, boolean hasValue, long nowNanos) {
        if (!hasArrived()) {
            call = called;
            value = given;
            gives = hasValue;
            tries = 0;
            byUplink = headerBytes() + called.length + given.length > uplink.chunkBytes();
            if (byUplink) {
                uplink.begin(given, outcome().participants(), nowNanos);
            }
        }
        long at = arrive(nowNanos);
        if (byUplink && hasArrived()) {
            uplink.send(nowNanos);
        } else if (byUplink) {
            // It learns of the end of a round before.
            uplink.stop(nowNanos);
        }
        return at;
    }

    private byte @Nullable [] ownContext() {
        return context(Capability.COLLECTIVE_CONTEXTS);
    }

    private int headerBytes() {
        return CollectiveChunks.HEADER_BYTES + (ownContext() == null ? 0 : RoundContext.BYTES);
    }

    @Override
    protected ByteBuffer writeReached(long delayMicros, long releaseNonce) {
        int valueBytes = byUplink ? LongValue.BYTES : value.length;
        int bytes = headerBytes() + call.length + valueBytes;
        if (written.capacity() < bytes) {
            written = ByteBuffer.allocateDirect(Math.max(bytes, link.chunkBytes()));
        }
        // It may be repeated in the same turn.
        link.detach(written);
        CollectiveChunks.reached(
                written.clear(), group(), round(), delayMicros, membership, releaseNonce, roster.number(), gives);
        tries++;
        reachedBytes = bytes;
        byte[] told = ownContext();
        if (told != null) {
            CollectiveChunks.putContext(written, told);
        }
        written.put(call);
        if (byUplink) {
            LongValue.put(written, uplink.firstSequence(), value.length);
            return written;
        }
        return written.put(value);
    }

    @Override
    public void onDeadline(long nowNanos) {
        super.onDeadline(nowNanos);
        longResult.onDeadline(nowNanos);
        if (uplink.onDeadline(nowNanos)) {
            sayAgain(nowNanos);
            uplink.send(nowNanos);
        } else if (isStuck()) {
            byUplink = true;
            uplink.shorten();
            uplink.begin(value, outcome().participants(), nowNanos);
            sayAgain(nowNanos);
            uplink.send(nowNanos);
        }
    }

    /** Whether the arrival was said often, without an answer, and its length may be why. */
    private boolean isStuck() {
        return hasArrived()
                && !isAcknowledged()
                && !byUplink
                && tries > MOST_TRIES
                && value.length > 0
                && reachedBytes + link.outbox().overheadBytes() > PathSizes.LEAST_BYTES;
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(
                super.nextDeadlineNanos(), Math.min(uplink.nextDeadlineNanos(), longResult.nextDeadlineNanos()));
    }

    @Override
    protected void onRoundEnded(long nowNanos) {
        uplink.stop(nowNanos);
        call = NOTHING;
        value = NOTHING;
    }

    @Override
    protected byte @Nullable [] contextIn(ChunkReader end) {
        return CollectiveChunks.context(end);
    }

    @Override
    protected boolean provesReleases() {
        return true;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        if (chunk.type() == ChunkType.BROADCAST_STATUS) {
            uplink.onStatus(chunk, nowNanos);
        } else if (RESULTS.contains(chunk.type())) {
            onResult(chunk, nowNanos);
        } else if (chunk.type() != ChunkType.COLLECTIVE_ROSTER) {
            super.onChunk(chunk, nowNanos);
        } else if (!roster.onPage(chunk, link.coordinator(), link.memberId())) {
            link.counters().onDropped(DropReason.DUPLICATE);
        }
    }

    private void onResult(ChunkReader chunk, long nowNanos) {
        if (longResult.onChunk(chunk, nowNanos)) {
            resultBytes.take(longResult.take());
            deliver();
        }
    }

    @Override
    protected boolean holdsRelease() {
        return longResult.isAwaited();
    }

    /** Without the roster it does not know who has taken part, and waits for both to be repeated. */
    @Override
    protected boolean takesRelease(ChunkReader release, long nowNanos) {
        if (!CollectiveChunks.isWhole(release)) {
            link.counters().onDropped(DropReason.TRUNCATED);
            return false;
        }
        if (CollectiveChunks.roster(release) != roster.number() || roster.rank() < 0) {
            link.counters().onDropped(DropReason.OUT_OF_WINDOW);
            return false;
        }
        resultBytes.clear();
        if (LongValue.isIn(release)) {
            return takesResult(release, nowNanos);
        }
        resultBytes.grow(CollectiveChunks.bodyBytes(release));
        CollectiveChunks.copyBody(release, resultBytes.array());
        result.set(CollectiveChunks.isPresent(release), roster.nodes(), roster.rank());
        return true;
    }

    /** It comes as a message of its own. */
    private boolean takesResult(ChunkReader release, long nowNanos) {
        long length = LongValue.length(release);
        if (length <= 0 || length > Integer.MAX_VALUE) {
            link.counters().onDropped(DropReason.BAD_FIELD);
            return false;
        }
        longResult.onNamed(LongValue.firstSequence(release), (int) length, nowNanos);
        result.set(true, roster.nodes(), roster.rank());
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
