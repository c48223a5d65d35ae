package io.camure.protocol.window;

import io.camure.protocol.base.HeaderOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.SequenceNumbers;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a stream at a receiver, from their arrival until they are read, in order. What has arrived is told to the
 * {@link Sender}: a negotiated peer by {@link StatusReports}, a legacy peer by {@link ChunkAcks}.
 */
public final class ReceiveWindow {

    /** The span of chunks that a sender may have on their way; 10 for a legacy peer. */
    private static final int LARGEST_SEND_WINDOW = DeliveryProgress.SPAN;

    private final Sender sender;
    private final ProtocolCounters counters;
    private final ReceivedChunks chunks;
    private final Answers answers;

    /** The first chunk that counts for this receiver. */
    private long first;

    private boolean out;

    /**
     * @param windowChunks how many chunks are kept for the reader
     * @param chunkBytes the largest chunk, its header included
     */
    public ReceiveWindow(Sender sender, int windowChunks, int chunkBytes, ProtocolCounters counters) {
        this.sender = sender;
        this.counters = counters;
        chunks = new ReceivedChunks(windowChunks, chunkBytes - ChunkWriter.BROADCAST_HEADER_BYTES);
        answers = sender.takesStatusReports()
                ? new StatusReports(sender, chunks, counters)
                : new ChunkAcks(sender, chunks);
    }

    /** Chunks are taken from {@code firstSequence} on. */
    public void start(long firstSequence, long nowNanos) {
        first = firstSequence;
        chunks.start(firstSequence);
        answers.onStart(nowNanos);
    }

    /** Chunks are taken from a later number on; none was read. */
    public void startLater(int firstSequence, long nowNanos) {
        first = SequenceNumbers.extend(first, firstSequence);
        chunks.startLater(first);
        answers.onStart(nowNanos);
    }

    /** The number of a chunk of which it has the low 16 bits. */
    public long sequenceOf(ChunkReader chunk) {
        return SequenceNumbers.extend(chunks.unread(), chunk.sequence());
    }

    /** Takes a chunk with data. */
    public void onChunk(ChunkReader chunk, long nowNanos) {
        long sequence = sequenceOf(chunk);
        if (isForeign(sequence)) {
            onForeign(chunk, sequence);
        } else if (sequence < chunks.unread()) {
            counters.onDropped(DropReason.DUPLICATE);
            answers.onRepeated(sequence, nowNanos);
        } else if (sequence >= chunks.limit()) {
            counters.onDropped(DropReason.OUT_OF_WINDOW);
        } else if (chunks.has(sequence)) {
            counters.onDropped(DropReason.DUPLICATE);
            answers.onRepeated(sequence, nowNanos);
        } else {
            boolean gap = sequence > chunks.end();
            chunks.store(sequence, chunk);
            answers.onNew(sequence, gap, nowNanos);
        }
    }

    /** Takes a question for what is here. */
    public void onQuery(ChunkReader query) {
        // The last chunk that was sent is less than half a turn away, also with the largest window full.
        long lastSent = SequenceNumbers.extend(chunks.unread(), query.sequence() - 1);
        if (isForeign(lastSent)) {
            onForeign(query, lastSent);
        } else {
            chunks.onSent(lastSent + 1);
            answers.onQuery();
        }
    }

    /** Has what is here told at the end of the turn, without a question for it. */
    void report() {
        answers.onQuery();
    }

    /** Whether no sender that counts on this receiver can be there: its window begins with what some receiver lacks. */
    private boolean isForeign(long sequence) {
        return sequence < chunks.unread() - LARGEST_SEND_WINDOW - 1
                || sequence >= chunks.firstMissing() + LARGEST_SEND_WINDOW;
    }

    /** The sender of a later session will answer that this node is no member. */
    private void onForeign(ChunkReader chunk, long sequence) {
        counters.onDropped(DropReason.OUT_OF_WINDOW);
        sender.answerForeign(chunk, sequence);
    }

    /** The type of the next chunk to be read, or {@code null} when it is not here. A bundle is read as its messages. */
    public @Nullable ChunkType nextType() {
        return chunks.nextType();
    }

    /** Whether the next chunk begins a message with headers, which come first. It must be here, and nothing of it read. */
    public boolean nextHasHeaders() {
        return chunks.nextHasHeaders();
    }

    /** The bytes of the next chunk that were not read. It must be here. */
    public int nextBytes() {
        return chunks.nextBytes();
    }

    /**
     * Reads bytes of the next chunk, which must be here, and passes over it when nothing of it is left.
     *
     * @param length at most {@link #nextBytes}; all of them when it is part of a bundle
     */
    public void read(byte[] target, int targetOffset, int length, long nowNanos) {
        if (chunks.read(target, targetOffset, length)) {
            pass(nowNanos);
        }
    }

    /** Passes over the next chunk, or the next message of a bundle. */
    public void skip(long nowNanos) {
        if (chunks.skip()) {
            pass(nowNanos);
        }
    }

    private void pass(long nowNanos) {
        chunks.pass();
        if (!out) {
            answers.onRead(nowNanos);
        }
    }

    /** A message was dropped for its headers' sake. */
    public void onHeaders(HeaderOutcome outcome) {
        counters.onHeaders(outcome);
    }

    /** How many chunks are kept, from the first that was not read to the last one that was sent, as far as is known. */
    public int keptChunks() {
        return (int) (chunks.end() - chunks.unread());
    }

    /** How many chunks can be kept. */
    public int slots() {
        return chunks.slots();
    }

    /** What proves that the chunks have come that were reported last: the sum of their nonces. */
    public long receiptProof() {
        return chunks.nonceSum();
    }

    /** The first chunk that has not arrived. */
    public long firstMissing() {
        return chunks.firstMissing();
    }

    /** Whether the first chunk has been received. */
    public boolean hasReceivedFirst() {
        return chunks.firstMissing() > first;
    }

    /** The stream is over for this receiver. What is here can be read, and nothing more is said. */
    public void onOut() {
        out = true;
    }

    /** Does what is due. */
    public void onDeadline(long nowNanos) {
        answers.onDeadline(nowNanos);
    }

    public long nextDeadlineNanos() {
        return answers.nextDeadlineNanos();
    }
}
