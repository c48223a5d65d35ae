package io.camure.protocol.collective;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.window.ChunkPieces;
import io.camure.protocol.window.MessageAssembly;
import io.camure.protocol.window.Sender;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.ReceiptProof;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The result of a round that is too long for a release, at a member: a receive window whose sender is the coordinator, from the release that
 * names it until the next one does.
 */
final class ResultReceiving implements Sender {

    /** How many chunks are kept, as far as they don't come in order. */
    static final int WINDOW_CHUNKS = 256;

    private final int membership;
    private final MemberLink link;
    private final ChunkPieces pieces;
    private int group;
    private int epoch;
    private @Nullable MessageAssembly result;

    ResultReceiving(int membership, MemberLink link) {
        this.membership = membership;
        this.link = link;
        pieces = new ChunkPieces(link.chunkBytes());
    }

    /** The member is in a group. */
    void onWelcome(int id, long itsEpoch) {
        group = id;
        epoch = (int) itsEpoch;
    }

    /**
     * The release of a round has named its result.
     *
     * @param firstSequence the number of the first chunk
     * @param length in bytes
     */
    void onNamed(int firstSequence, int length, long nowNanos) {
        result = new MessageAssembly(
                this, WINDOW_CHUNKS, link.chunkBytes(), firstSequence, length, link.counters(), nowNanos);
    }

    /**
     * The coordinator has sent a chunk of a result, or a part of one, or asks what is here.
     *
     * @return whether the result is complete by it
     */
    boolean onChunk(ChunkReader chunk, long nowNanos) {
        MessageAssembly to = result;
        if (to == null) {
            // It comes before the release that names it, and then again; or is for others.
            link.counters().onDropped(DropReason.OUT_OF_WINDOW);
            return false;
        }
        if (chunk.type() == ChunkType.BROADCAST_QUERY) {
            to.onQuery(chunk, nowNanos);
            return false;
        }
        ChunkReader whole = chunk.type() == ChunkType.BROADCAST_PIECE ? takePiece(to, chunk) : chunk;
        return whole != null && to.onChunk(whole, nowNanos);
    }

    private @Nullable ChunkReader takePiece(MessageAssembly to, ChunkReader piece) {
        if (pieces.isBroken(piece)) {
            link.counters().onDropped(DropReason.BAD_FIELD);
            return null;
        }
        return pieces.take(piece, to.sequenceOf(piece));
    }

    /** The result, which is complete, given away. */
    byte[] take() {
        MessageAssembly from = result;
        if (from == null) {
            throw new IllegalStateException("no result was named");
        }
        return from.take();
    }

    /** Whether a result was named that is not complete. */
    boolean isAwaited() {
        MessageAssembly of = result;
        return of != null && !of.isComplete();
    }

    void onDeadline(long nowNanos) {
        MessageAssembly to = result;
        if (to != null) {
            to.onDeadline(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        MessageAssembly to = result;
        return to == null ? RetryTimer.NEVER : to.nextDeadlineNanos();
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public int membership() {
        return membership;
    }

    @Override
    public boolean takesStatusReports() {
        return true;
    }

    @Override
    public int windowChunks() {
        return link.coordinatorWindowChunks();
    }

    @Override
    public void acknowledge(long sequence) {
        throw new IllegalStateException("no coordinator of a collective is a legacy peer");
    }

    @Override
    public void answerForeign(ChunkReader chunk, long sequence) {
        // It says of which epoch it is, so it can only be late.
    }

    @Override
    public ByteBuffer control() {
        return link.control();
    }

    @Override
    public void send(ByteBuffer written) {
        MessageAssembly of = result;
        ChunkWriter.statusEpoch(written, epoch);
        if (of != null && link.can(Capability.RECEIPT_PROOFS)) {
            ReceiptProof.put(written, of.receiptProof());
        }
        link.send(written);
    }
}
