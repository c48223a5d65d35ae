package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberWork;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a broadcast at a receiver, from their arrival until they are read, in order.
 *
 * <p>A coordinator of ours is told by receipts what is here and what there is room for: at once when chunks are missing or
 * it asks, otherwise after every so many chunks, and when a reader that had held it back has caught up.
 *
 * <p>To a 0.1 coordinator each chunk is acknowledged when it is kept. Those in the second half of the window are kept
 * without being acknowledged until the reader has caught up: that holds the sender back, and lets it go on without a
 * repetition.
 */
public final class ReceiveWindow implements MemberWork {

    /** The span of chunks that a sender may have on their way; 10 for a 0.1 sender. */
    private static final int LARGEST_SEND_WINDOW = 1024;

    /** So many chunks arrive between two receipts while nothing is missing, or less in a small window. */
    private static final int CHUNKS_PER_RECEIPT = 32;

    /** A member that lost its place while nothing was sent learns it by speaking as one. */
    private static final long LONGEST_QUIET_NANOS = RoundTripEstimator.MAXIMUM_NANOS;

    private final int group;
    private final MemberLink link;
    private final int membership;
    private final int slots;
    private final int payloadBytes;
    private final int mask;
    private final @Nullable ChunkType[] types;

    private final byte[] @Nullable [] payloads;

    /** Buffers that were read: the last one first, which is still in the processor's cache. */
    private final byte[] @Nullable [] spares;

    private int spareCount;

    private final int[] lengths;
    private final boolean[] ackWithheld;
    private final int acknowledgedChunks;
    private final int chunksPerStatusReport;

    private long first;

    /** The first chunk that was not read. */
    private long unread;

    /** How many bytes of it were read: a bundle is read message by message. */
    private int offset;

    /** The first chunk that has not arrived. */
    private long firstMissing;

    /** The first chunk of which it is not known whether it was sent. */
    private long end;

    private long newest;
    private long newestNanos;
    private int chunksSinceStatusReport;

    /** The end of the room that the last receipt has told. */
    private long toldLimit;

    private boolean statusDue;
    private boolean out;

    /** When this member last said what it has, or got in. */
    private long quietSinceNanos;

    public ReceiveWindow(int group, MemberLink link, int membership, int windowChunks, int chunkSizeBytes) {
        this.group = group;
        this.link = link;
        this.membership = membership;
        slots = windowChunks;
        payloadBytes = chunkSizeBytes - ChunkWriter.BROADCAST_HEADER_BYTES;
        // A power of two, so that a place costs a mask.
        int places = Integer.highestOneBit(2 * windowChunks - 1);
        mask = places - 1;
        types = new ChunkType[places];
        payloads = new byte[places][];
        spares = new byte[places][];
        lengths = new int[places];
        ackWithheld = new boolean[places];
        acknowledgedChunks = windowChunks / 2;
        int senderChunks = link.coordinatorWindowChunks();
        // The sender must never have to wait for a receipt with all that it keeps on its way.
        int smaller = senderChunks == 0 ? windowChunks : Math.min(windowChunks, senderChunks);
        chunksPerStatusReport = Math.max(1, Math.min(CHUNKS_PER_RECEIPT, smaller / 8));
    }

    private int index(long sequence) {
        return (int) sequence & mask;
    }

    private boolean has(long sequence) {
        return types[index(sequence)] != null;
    }

    private boolean givesStatusReports() {
        return link.can(Capability.STATUS_REPORTS);
    }

    @Override
    public void onWelcome(int wireSequence, long nowNanos) {
        quietSinceNanos = nowNanos;
        first = wireSequence;
        unread = wireSequence;
        firstMissing = wireSequence;
        end = wireSequence;
        newest = wireSequence - 1L;
        toldLimit = unread + slots;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        long sequence = SequenceNumbers.extend(unread, chunk.sequence());
        if (chunk.type() == ChunkType.BROADCAST_QUERY) {
            // The last chunk that was sent is less than half a turn away, also with the largest window full.
            onQuery(chunk, SequenceNumbers.extend(unread, chunk.sequence() - 1) + 1);
        } else if (!chunk.type().isBroadcast()) {
            link.counters().onDropped(DropReason.UNEXPECTED);
        } else if (isForeign(sequence)) {
            onForeign(chunk, sequence);
        } else if (sequence < unread) {
            link.counters().onDropped(DropReason.DUPLICATE);
            acknowledge(sequence, nowNanos);
        } else if (sequence >= unread + slots) {
            link.counters().onDropped(DropReason.OUT_OF_WINDOW);
        } else {
            keep(sequence, chunk, nowNanos);
        }
    }

    /** @param sent the first chunk that was not sent */
    private void onQuery(ChunkReader chunk, long sent) {
        if (isForeign(sent - 1)) {
            onForeign(chunk, sent - 1);
            return;
        }
        end = Math.max(end, Math.min(sent, unread + slots));
        statusDue = true;
    }

    /** Whether no sender that counts on this receiver can be there: its window begins with what some receiver lacks. */
    private boolean isForeign(long sequence) {
        return sequence < unread - LARGEST_SEND_WINDOW - 1 || sequence >= firstMissing + LARGEST_SEND_WINDOW;
    }

    /** The sender of a later session will answer that this node is no member. */
    private void onForeign(ChunkReader chunk, long sequence) {
        link.counters().onDropped(DropReason.OUT_OF_WINDOW);
        link.acknowledge(chunk, sequence, membership);
    }

    private void keep(long sequence, ChunkReader chunk, long nowNanos) {
        if (has(sequence)) {
            link.counters().onDropped(DropReason.DUPLICATE);
        } else {
            store(sequence, chunk);
            newest = sequence;
            newestNanos = nowNanos;
            ackWithheld[index(sequence)] = sequence >= unread + acknowledgedChunks && !givesStatusReports();
            // A new gap is told at once; one that is known will be filled.
            statusDue |= sequence > end && givesStatusReports();
            end = Math.max(end, sequence + 1);
            while (firstMissing < end && has(firstMissing)) {
                firstMissing++;
            }
            chunksSinceStatusReport++;
        }
        if (!ackWithheld[index(sequence)]) {
            acknowledge(sequence, nowNanos);
        }
    }

    private void store(long sequence, ChunkReader chunk) {
        int index = index(sequence);
        chunk.copyPayload(payload(index), 0);
        types[index] = chunk.type();
        lengths[index] = chunk.payloadBytes();
    }

    private byte[] payload(int index) {
        byte[] payload = payloads[index];
        if (payload == null) {
            payload = spareCount > 0 ? spares[--spareCount] : null;
            if (payload == null) {
                payload = new byte[payloadBytes];
            }
            payloads[index] = payload;
        }
        return payload;
    }

    /** Tells that a chunk is here: each by itself to a 0.1 coordinator, after so many of them to one of ours. */
    private void acknowledge(long sequence, long nowNanos) {
        if (!givesStatusReports()) {
            link.send(ChunkType.GROUP_ACK, group, sequence);
        } else if (sequence < firstMissing && chunksSinceStatusReport == 0) {
            // It was sent again, so the last receipt was lost or late.
            statusDue = true;
        } else if (chunksSinceStatusReport >= chunksPerStatusReport) {
            // Not only at the end of the turn: the sender may go on meanwhile.
            quietSinceNanos = nowNanos;
            sendStatusReport(nowNanos);
        }
    }

    private void sendStatusReport(long nowNanos) {
        link.counters().onStatusReport();
        statusDue = false;
        chunksSinceStatusReport = 0;
        toldLimit = unread + slots;
        ByteBuffer receipt = link.control();
        // A reader tells the time at which it began to wait.
        long delayMicros = NANOSECONDS.toMicros(Math.max(0, nowNanos - newestNanos));
        ChunkWriter.broadcastStatus(
                receipt, group, firstMissing, end, (int) (toldLimit - firstMissing), newest, delayMicros, membership);
        int bits = 0;
        int count = 0;
        long last = Math.min(end, firstMissing + 1 + ChunkWriter.RECEIPT_BITMAP_BYTES * Byte.SIZE);
        for (long sequence = firstMissing + 1; sequence < last; sequence++) {
            bits = bits << 1 | (has(sequence) ? 1 : 0);
            if (++count % Byte.SIZE == 0) {
                receipt.put((byte) bits);
            }
        }
        int rest = count % Byte.SIZE;
        if (rest > 0) {
            receipt.put((byte) (bits << Byte.SIZE - rest));
        }
        link.send(receipt);
    }

    /** The type of the next chunk to be read, or {@code null} when it is not here. A bundle is read as its messages. */
    public @Nullable ChunkType nextType() {
        ChunkType type = types[index(unread)];
        return type == ChunkType.BROADCAST_BUNDLE ? ChunkType.BROADCAST_MESSAGE : type;
    }

    /** The bytes of the next chunk that were not read. It must be here. */
    public int nextBytes() {
        int index = index(unread);
        int rest = lengths[index] - offset;
        if (types[index] != ChunkType.BROADCAST_BUNDLE) {
            return rest;
        }
        if (rest < ChunkWriter.BUNDLED_LENGTH_BYTES) {
            return 0;
        }
        byte[] payload = payload(index);
        int length = (payload[offset] & 0xFF) << Byte.SIZE | payload[offset + 1] & 0xFF;
        // A length beyond the end is an error of the sender; what is there is taken.
        return Math.min(length, rest - ChunkWriter.BUNDLED_LENGTH_BYTES);
    }

    /**
     * Reads bytes of the next chunk, which must be here, and passes over it when nothing of it is left.
     *
     * @param length at most {@link #nextBytes}; all of them when it is part of a bundle
     */
    public void read(byte[] target, int targetOffset, int length, long nowNanos) {
        int index = index(unread);
        boolean bundle = types[index] == ChunkType.BROADCAST_BUNDLE;
        int skipped = bundle ? Math.min(ChunkWriter.BUNDLED_LENGTH_BYTES, lengths[index] - offset) : 0;
        System.arraycopy(payload(index), offset + skipped, target, targetOffset, length);
        offset += skipped + length;
        if (offset >= lengths[index]) {
            pass(nowNanos);
        }
    }

    /** Passes over the next chunk, or the next message of a bundle. */
    public void skip(long nowNanos) {
        int index = index(unread);
        if (types[index] == ChunkType.BROADCAST_BUNDLE) {
            offset += ChunkWriter.BUNDLED_LENGTH_BYTES + nextBytes();
            if (offset < lengths[index]) {
                return;
            }
        }
        pass(nowNanos);
    }

    private void pass(long nowNanos) {
        int index = index(unread);
        types[index] = null;
        spares[spareCount++] = payloads[index];
        payloads[index] = null;
        offset = 0;
        unread++;
        if (out) {
            return;
        }
        if (givesStatusReports()) {
            boolean senderHeldBack = toldLimit - end < slots / 2;
            if (senderHeldBack && unread + slots - toldLimit >= slots / 4) {
                sendStatusReport(nowNanos);
            }
            return;
        }
        long last = unread + acknowledgedChunks - 1;
        if (has(last) && ackWithheld[index(last)]) {
            ackWithheld[index(last)] = false;
            acknowledge(last, nowNanos);
        }
    }

    /** How many chunks are kept, from the first that was not read to the last one that was sent, as far as is known. */
    public int keptChunks() {
        return (int) (end - unread);
    }

    /** How many chunks can be kept. */
    public int slots() {
        return slots;
    }

    @Override
    public boolean hasReceivedFirst() {
        return firstMissing > first;
    }

    @Override
    public void onOut() {
        out = true;
    }

    @Override
    public void onDeadline(long nowNanos) {
        // At the end of a turn, so that one receipt tells of all that has come in it.
        if (statusDue || givesStatusReports() && nowNanos - quietSinceNanos >= LONGEST_QUIET_NANOS) {
            quietSinceNanos = nowNanos;
            sendStatusReport(nowNanos);
        }
    }

    @Override
    public long nextDeadlineNanos() {
        if (!givesStatusReports()) {
            return RetryTimer.NEVER;
        }
        return statusDue ? newestNanos : quietSinceNanos + LONGEST_QUIET_NANOS;
    }
}
