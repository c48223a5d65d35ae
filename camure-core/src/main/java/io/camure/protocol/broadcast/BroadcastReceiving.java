package io.camure.protocol.broadcast;

import io.camure.protocol.group.LegacyNumbers;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberWork;
import io.camure.protocol.window.ChunkPieces;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.Sender;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.ReceiptProof;
import java.nio.ByteBuffer;

/** A broadcast at a member: a receive window whose sender is the coordinator. */
public final class BroadcastReceiving implements MemberWork, Sender {

    /** How many chunks a legacy coordinator has on their way. */
    private static final int LEGACY_SEND_WINDOW = 10;

    private final int membership;
    private final MemberLink link;
    private final ReceiveWindow window;
    private final ChunkPieces pieces;
    private final LegacyNumbers numbers;
    private boolean showsRestart;
    private int group;
    private long epoch;

    BroadcastReceiving(int membership, MemberLink link) {
        this.membership = membership;
        this.link = link;
        window = new ReceiveWindow(this, link.settings().windowChunks(), link.chunkBytes(), link.counters());
        pieces = new ChunkPieces(link.chunkBytes());
        numbers = new LegacyNumbers(LEGACY_SEND_WINDOW, link.settings().coordinatorTimeoutNanos());
    }

    /** What was received is read from here. */
    public ReceiveWindow window() {
        return window;
    }

    @Override
    public void onWelcome(int id, long itsEpoch, long generation, long firstSequence, long nowNanos) {
        group = id;
        epoch = itsEpoch;
        // Chunks begin at a random number, of which nobody needs more.
        int first = (int) firstSequence & 0xFFFF;
        window.start(first, nowNanos);
        numbers.start(first, nowNanos);
    }

    @Override
    public boolean onLaterWelcome(int firstSequence, long nowNanos) {
        if (window.hasReceivedFirst()) {
            return false;
        }
        window.startLater(firstSequence, nowNanos);
        return true;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        if (link.isLegacy()) {
            showsRestart |= numbers.isOfAnotherIncarnation(chunk.sequence(), window.firstMissing(), nowNanos);
        }
        if (chunk.type() == ChunkType.BROADCAST_QUERY) {
            window.onQuery(chunk);
        } else if (chunk.type() == ChunkType.BROADCAST_PIECE) {
            onPiece(chunk, nowNanos);
        } else {
            window.onChunk(chunk, nowNanos);
        }
    }

    private void onPiece(ChunkReader piece, long nowNanos) {
        if (pieces.isBroken(piece)) {
            link.counters().onDropped(DropReason.BAD_FIELD);
            return;
        }
        ChunkReader whole = pieces.take(piece, window.sequenceOf(piece));
        if (whole != null) {
            window.onChunk(whole, nowNanos);
        }
    }

    @Override
    public boolean hasReceivedFirst() {
        return window.hasReceivedFirst();
    }

    @Override
    public boolean showsRestart() {
        return showsRestart;
    }

    @Override
    public void onOut() {
        window.onOut();
    }

    @Override
    public void onDeadline(long nowNanos) {
        window.onDeadline(nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        return window.nextDeadlineNanos();
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
        return link.can(Capability.STATUS_REPORTS);
    }

    @Override
    public int windowChunks() {
        return link.coordinatorWindowChunks();
    }

    @Override
    public void acknowledge(long sequence) {
        link.send(ChunkType.GROUP_ACK, group, sequence);
    }

    @Override
    public void answerForeign(ChunkReader chunk, long sequence) {
        link.acknowledge(chunk, sequence, membership);
    }

    @Override
    public ByteBuffer control() {
        return link.control();
    }

    @Override
    public void send(ByteBuffer written) {
        if (link.can(Capability.HARDENED)) {
            // Only who receives the group has heard it.
            ChunkWriter.statusEpoch(written, (int) epoch);
            if (link.can(Capability.RECEIPT_PROOFS)) {
                ReceiptProof.put(written, window.receiptProof());
            }
        }
        link.send(written);
    }
}
