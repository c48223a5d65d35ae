package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.wire.ChunkWriter;
import java.nio.ByteBuffer;

/**
 * The answers to a negotiated peer: what is here and what there is room for, in one status report. It is sent at once when
 * chunks are missing or the sender asks, otherwise after a number of chunks, and when a reader that had held the sender back
 * has caught up.
 */
final class StatusReports implements Answers {

    /** Chunks between two reports while nothing is missing; fewer in a small window. */
    private static final int CHUNKS_PER_REPORT = 32;

    /** A receiver that lost its place while nothing was sent learns it by speaking as one. */
    private static final long LONGEST_QUIET_NANOS = RoundTripEstimator.MAXIMUM_NANOS;

    private final Sender sender;
    private final ReceivedChunks chunks;
    private final ProtocolCounters counters;
    private final int chunksPerReport;

    /** The chunk that arrived last, and when. */
    private long newest;

    private long newestNanos;
    private int chunksSinceReport;

    /** The end of the room that the last report has told. */
    private long toldLimit;

    private boolean due;

    /** Since when no report was sent, not counting those that a reader causes. */
    private long quietSinceNanos;

    StatusReports(Sender sender, ReceivedChunks chunks, ProtocolCounters counters) {
        this.sender = sender;
        this.chunks = chunks;
        this.counters = counters;
        // The sender must never have to wait for a report with all that it keeps on its way.
        int smaller = sender.windowChunks() == 0 ? chunks.slots() : Math.min(chunks.slots(), sender.windowChunks());
        chunksPerReport = Math.max(1, Math.min(CHUNKS_PER_REPORT, smaller / 8));
    }

    @Override
    public void onStart(long nowNanos) {
        quietSinceNanos = nowNanos;
        newest = chunks.unread() - 1;
        toldLimit = chunks.limit();
    }

    @Override
    public void onNew(long sequence, boolean gap, long nowNanos) {
        newest = sequence;
        newestNanos = nowNanos;
        chunksSinceReport++;
        // A new gap is told at once; one that is known will be filled.
        due |= gap;
        reportInTurn(nowNanos);
    }

    /** Not only at the end of the turn: the sender may go on meanwhile. */
    private void reportInTurn(long nowNanos) {
        if (chunksSinceReport >= chunksPerReport) {
            quietSinceNanos = nowNanos;
            send(nowNanos);
        }
    }

    @Override
    public void onRepeated(long sequence, long nowNanos) {
        if (sequence < chunks.firstMissing() && chunksSinceReport == 0) {
            // It was sent again, so the last report was lost or late.
            due = true;
        } else {
            reportInTurn(nowNanos);
        }
    }

    @Override
    public void onQuery() {
        due = true;
    }

    @Override
    public void onRead(long nowNanos) {
        int slots = chunks.slots();
        boolean senderHeldBack = toldLimit - chunks.end() < slots / 2;
        if (senderHeldBack && chunks.limit() - toldLimit >= slots / 4) {
            send(nowNanos);
        }
    }

    private void send(long nowNanos) {
        counters.onStatusReport();
        due = false;
        chunksSinceReport = 0;
        toldLimit = chunks.limit();
        ByteBuffer report = sender.control();
        long firstMissing = chunks.firstMissing();
        // A reader tells the time at which it began to wait.
        long delayMicros = NANOSECONDS.toMicros(Math.max(0, nowNanos - newestNanos));
        ChunkWriter.broadcastStatus(
                report,
                sender.group(),
                firstMissing,
                chunks.end(),
                (int) (toldLimit - firstMissing),
                newest,
                delayMicros,
                sender.membership());
        putBitmap(report, firstMissing + 1);
        sender.send(report);
    }

    private void putBitmap(ByteBuffer report, long first) {
        int bits = 0;
        int count = 0;
        long last = Math.min(chunks.end(), first + ChunkWriter.STATUS_BITMAP_BYTES * Byte.SIZE);
        for (long sequence = first; sequence < last; sequence++) {
            bits = bits << 1 | (chunks.has(sequence) ? 1 : 0);
            if (++count % Byte.SIZE == 0) {
                report.put((byte) bits);
            }
        }
        int rest = count % Byte.SIZE;
        if (rest > 0) {
            report.put((byte) (bits << Byte.SIZE - rest));
        }
    }

    /** At the end of a turn, so that one report tells of all that has come in it. */
    @Override
    public void onDeadline(long nowNanos) {
        if (due || nowNanos - quietSinceNanos >= LONGEST_QUIET_NANOS) {
            quietSinceNanos = nowNanos;
            send(nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return due ? newestNanos : quietSinceNanos + LONGEST_QUIET_NANOS;
    }
}
