package io.camure.protocol.window;

import io.camure.protocol.base.PathSizes;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The chunks that a receiver keeps until they are read, in a ring, and how far its reader is. */
final class ReceivedChunks {

    /** What a chunk has that fits into an Ethernet frame. */
    private static final int USUAL_BYTES = PathSizes.ETHERNET_BYTES;

    private final int slots;
    private final int payloadBytes;
    private final int mask;
    private final @Nullable ChunkType[] types;
    private final int[] lengths;
    private final byte[] @Nullable [] payloads;

    /** The nonce of each chunk, and the sum of those of all chunks that have come. */
    private final long[] nonces;

    private long nonceSum;

    /** Buffers that were read: the last one first, which is still in the processor's cache. */
    private final byte[] @Nullable [] spares;

    private int spareCount;

    /** The first chunk that was not read. */
    private long unread;

    /** How many bytes of it were read: a bundle is read message by message. */
    private int offset;

    /** The first chunk that has not arrived. */
    private long firstMissing;

    /** The first chunk of which it is not known whether it was sent. */
    private long end;

    /**
     * @param slots how many chunks are kept
     * @param payloadBytes the most bytes of data in a chunk
     */
    ReceivedChunks(int slots, int payloadBytes) {
        this.slots = slots;
        this.payloadBytes = payloadBytes;
        // A power of two, so that a place costs a mask.
        int places = Integer.highestOneBit(2 * slots - 1);
        mask = places - 1;
        types = new ChunkType[places];
        lengths = new int[places];
        payloads = new byte[places][];
        nonces = new long[places];
        spares = new byte[places][];
    }

    /** Chunks from {@code first} on are kept. */
    void start(long first) {
        unread = first;
        firstMissing = first;
        end = first;
    }

    /** Nothing was read, and chunks in front of {@code first} are not wanted any more. */
    void startLater(long first) {
        for (; unread < first; unread++) {
            if (unread < end && has(unread)) {
                types[index(unread)] = null;
                nonceSum -= nonces[index(unread)];
            }
        }
        firstMissing = first;
        end = Math.max(end, first);
        while (firstMissing < end && has(firstMissing)) {
            firstMissing++;
        }
    }

    private int index(long sequence) {
        return (int) sequence & mask;
    }

    int slots() {
        return slots;
    }

    /** Whether a chunk from the first unread one on is here. */
    boolean has(long sequence) {
        return types[index(sequence)] != null;
    }

    long unread() {
        return unread;
    }

    /** The first chunk that there is no room for. */
    long limit() {
        return unread + slots;
    }

    long firstMissing() {
        return firstMissing;
    }

    long end() {
        return end;
    }

    /** The sum of the nonces of all chunks that have come, which proves it. */
    long nonceSum() {
        return nonceSum;
    }

    /** It is known that chunks in front of {@code sent} were sent. */
    void onSent(long sent) {
        end = Math.max(end, Math.min(sent, limit()));
    }

    /** Keeps a chunk that is not here and for which there is room. */
    void store(long sequence, ChunkReader chunk) {
        int index = index(sequence);
        chunk.copyPayload(place(index, chunk.payloadBytes()), 0);
        types[index] = chunk.type();
        lengths[index] = chunk.payloadBytes();
        nonces[index] = ChunkHeader.nonceOf(chunk);
        nonceSum += nonces[index];
        end = Math.max(end, sequence + 1);
        while (firstMissing < end && has(firstMissing)) {
            firstMissing++;
        }
    }

    /** Room for so many bytes of a chunk that is not here. */
    private byte[] place(int index, int bytes) {
        byte[] payload = spareCount > 0 ? spares[--spareCount] : null;
        if (payload == null || payload.length < bytes) {
            // Chunks may be allowed to be much longer than they are.
            payload = new byte[Math.max(bytes, Math.min(payloadBytes, USUAL_BYTES))];
        }
        payloads[index] = payload;
        return payload;
    }

    private byte[] payload(int index) {
        return Objects.requireNonNull(payloads[index]);
    }

    /** The type of the first unread chunk as a reader sees it: a bundle is read as its messages. */
    @Nullable
    ChunkType nextType() {
        ChunkType type = types[index(unread)];
        if (type == null) {
            return null;
        }
        return type == ChunkType.BROADCAST_BUNDLE ? ChunkType.BROADCAST_MESSAGE : type.withoutHeaders();
    }

    /** Whether the first unread chunk, or the next message in it if it is a bundle, begins with headers. It must be here. */
    boolean nextHasHeaders() {
        int index = index(unread);
        ChunkType type = Objects.requireNonNull(types[index]);
        return type == ChunkType.BROADCAST_BUNDLE
                ? (bundledLength(index) & ChunkWriter.BUNDLED_HEADERS) != 0
                : type.hasHeaders();
    }

    /** The length of the next message in a bundle, with the mark of headers; 0 when there is none. */
    private int bundledLength(int index) {
        if (lengths[index] - offset < ChunkWriter.BUNDLED_LENGTH_BYTES) {
            return 0;
        }
        byte[] payload = payload(index);
        return (payload[offset] & 0xFF) << Byte.SIZE | payload[offset + 1] & 0xFF;
    }

    /** The bytes that are left of the first unread chunk, or of the next message in it if it is a bundle. */
    int nextBytes() {
        int index = index(unread);
        int rest = lengths[index] - offset;
        if (types[index] != ChunkType.BROADCAST_BUNDLE) {
            return rest;
        }
        if (rest < ChunkWriter.BUNDLED_LENGTH_BYTES) {
            return 0;
        }
        int length = bundledLength(index) & ~ChunkWriter.BUNDLED_HEADERS;
        // A length beyond the end is an error of the sender; what is there is taken.
        return Math.min(length, rest - ChunkWriter.BUNDLED_LENGTH_BYTES);
    }

    /**
     * Reads bytes of the first unread chunk.
     *
     * @return whether nothing of it is left
     */
    boolean read(byte[] target, int targetOffset, int length) {
        int index = index(unread);
        boolean bundle = types[index] == ChunkType.BROADCAST_BUNDLE;
        int skipped = bundle ? Math.min(ChunkWriter.BUNDLED_LENGTH_BYTES, lengths[index] - offset) : 0;
        System.arraycopy(payload(index), offset + skipped, target, targetOffset, length);
        offset += skipped + length;
        return offset >= lengths[index];
    }

    /**
     * Passes over the first unread chunk, or over the next message in it if it is a bundle.
     *
     * @return whether nothing of it is left
     */
    boolean skip() {
        int index = index(unread);
        if (types[index] != ChunkType.BROADCAST_BUNDLE) {
            return true;
        }
        offset += ChunkWriter.BUNDLED_LENGTH_BYTES + nextBytes();
        return offset >= lengths[index];
    }

    /** The first unread chunk is read; its place is free. */
    void pass() {
        int index = index(unread);
        types[index] = null;
        spares[spareCount++] = payloads[index];
        payloads[index] = null;
        offset = 0;
        unread++;
    }
}
