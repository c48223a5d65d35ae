package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.wire.ChunkHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The datagrams of chunks that may have to be sent again, packed one behind the other in one buffer, so that those of
 * equal size can leave as one run.
 *
 * <p>There is room for one chunk of the largest size more than may be kept, since none is split at the buffer's end.
 */
final class ChunkRing {

    private final int slots;
    private final int largestChunkBytes;
    private final Outbox outbox;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] firstSentNanos;
    private final long[] sentNanos;
    private final boolean[] repeated;
    private final ChunkHeader[] headers;

    /** The sums of the nonces of all chunks in front of each one, and of all that were written. */
    private final long[] nonceSums;

    private long nonceSum;
    private long written = Long.MIN_VALUE;
    private final int mask;
    private int chunkBytes;
    private int end;

    /** Allocated with the first chunk: a group that sends nothing needs nothing. */
    private ByteBuffer storage = ByteBuffer.allocate(0);

    /**
     * @param slots how many chunks are kept; writing one more overwrites the oldest
     * @param largestChunkBytes what no chunk is longer than, header included
     * @param outbox where chunks are sent to
     */
    ChunkRing(int slots, int largestChunkBytes, Outbox outbox) {
        this.slots = slots;
        this.outbox = outbox;
        this.largestChunkBytes = largestChunkBytes;
        chunkBytes = largestChunkBytes;
        // A power of two, so that a place costs a mask.
        int places = Integer.highestOneBit(2 * slots - 1);
        mask = places - 1;
        offsets = new int[places];
        lengths = new int[places];
        firstSentNanos = new long[places];
        sentNanos = new long[places];
        repeated = new boolean[places];
        headers = new ChunkHeader[places];
        nonceSums = new long[places];
    }

    int slots() {
        return slots;
    }

    /** The largest chunk that is to be written now. */
    int chunkBytes() {
        return chunkBytes;
    }

    /** What no chunk is longer than. */
    int largestChunkBytes() {
        return largestChunkBytes;
    }

    /** Chunks are to be no longer than so many bytes from now on. */
    void limitTo(int bytes) {
        chunkBytes = bytes;
    }

    private int index(long sequence) {
        return (int) sequence & mask;
    }

    /**
     * Begins a chunk behind the last one: the buffer's position is where to write, its limit how far.
     *
     * @param nonce of the chunk; 0 if it has none
     */
    ByteBuffer begin(long sequence, ChunkHeader header, long nonce) {
        if (storage.capacity() == 0) {
            storage = ByteBuffer.allocateDirect((slots + 1) * largestChunkBytes);
        }
        if (end + largestChunkBytes > storage.capacity()) {
            end = 0;
        }
        // The oldest chunk may be about to leave: sent again, and acknowledged in the same turn.
        outbox.detach(storage, end, end + largestChunkBytes);
        offsets[index(sequence)] = end;
        headers[index(sequence)] = header;
        nonceSums[index(sequence)] = nonceSum;
        nonceSum += nonce;
        written = sequence + 1;
        return storage.limit(end + largestChunkBytes).position(end);
    }

    /** Goes on with the chunk that was written last. */
    ByteBuffer append(long sequence) {
        return storage.limit(offsets[index(sequence)] + largestChunkBytes).position(end);
    }

    /** What is in front of the buffer's position is the chunk. */
    void finish(long sequence) {
        end = storage.position();
        lengths[index(sequence)] = end - offsets[index(sequence)];
        storage.clear();
    }

    int length(long sequence) {
        return lengths[index(sequence)];
    }

    /** Whether whoever understands a header understands that of the chunk. */
    boolean isUnderstoodBy(long sequence, ChunkHeader understood) {
        return understood.includes(headers[index(sequence)]);
    }

    /**
     * The sum of the nonces of all chunks in front of one.
     *
     * @param sequence that of a chunk that is kept, or the next one
     */
    long nonceSum(long sequence) {
        return sequence < written ? nonceSums[index(sequence)] : nonceSum;
    }

    void send(long sequence, InetSocketAddress destination) {
        int start = offsets[index(sequence)];
        outbox.send(destination, storage, start, start + lengths[index(sequence)]);
    }

    /** Sends the chunks from {@code first} on that are in front of {@code end} to each destination. */
    void send(long first, long end, List<InetSocketAddress> destinations) {
        for (int i = 0; i < destinations.size(); i++) {
            // One destination after the other, so that chunks which lie together leave as a run.
            for (long sequence = first; sequence < end; sequence++) {
                send(sequence, destinations.get(i));
            }
        }
    }

    /** Writes a part of a chunk at the position of a buffer. */
    void copy(long sequence, int offset, int bytes, ByteBuffer target) {
        int position = target.position();
        target.put(position, storage, offsets[index(sequence)] + offset, bytes).position(position + bytes);
    }

    void sendAgain(long sequence, InetSocketAddress destination, long nowNanos) {
        onRepeated(sequence, nowNanos);
        send(sequence, destination);
    }

    void onSent(long sequence, long nowNanos) {
        firstSentNanos[index(sequence)] = nowNanos;
        sentNanos[index(sequence)] = nowNanos;
        repeated[index(sequence)] = false;
    }

    void onRepeated(long sequence, long nowNanos) {
        sentNanos[index(sequence)] = nowNanos;
        repeated[index(sequence)] = true;
    }

    /** When the chunk was sent for the first time. */
    long firstSentNanos(long sequence) {
        return firstSentNanos[index(sequence)];
    }

    /** When the chunk was sent last. */
    long sentNanos(long sequence) {
        return sentNanos[index(sequence)];
    }

    boolean isRepeated(long sequence) {
        return repeated[index(sequence)];
    }
}
