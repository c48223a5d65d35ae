package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.base.RetryTimer;
import io.camure.wire.ChunkHeader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The chunks that were written and have not left yet, and when they are to.
 *
 * <p>A message after a pause leaves at once. Those that follow it closely are gathered: small ones in one chunk when every
 * receiver understands that, and chunks in runs that leave together.
 */
final class SendQueue {

    /** How closely messages follow one another to be gathered, and how long one waits for the next. */
    static final long GATHER_NANOS = MICROSECONDS.toNanos(100);

    /** The longest run that Linux takes at once. */
    static final int LONGEST_RUN_BYTES = 65507;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StreamSettings stream;
    private final ChunkRing ring;
    private final Nonces nonces;

    /** The first chunk that was not sent. */
    private long first;

    /** The number of the next chunk to be written. */
    private long next;

    /** All chunks in front of it are to leave as soon as they may. */
    private long pushed;

    /** When chunks that wait for others to leave with them leave anyway. */
    private long gatherNanos = RetryTimer.NEVER;

    /** Since when the queue is not empty. */
    private long sinceNanos;

    private long lastSentNanos;
    private int bytes;
    private boolean gathering;
    private boolean bundleOpen;
    private int messageChunks;
    private boolean insideMessage;

    /** The first chunk of the message that was begun last, if that has several, and the longest header that any of them has. */
    private long messageFirst;

    private ChunkHeader messageHeader = ChunkHeader.PLAIN;

    /** Whether that message has headers. */
    private boolean messageHasHeaders;

    private boolean abandonmentUntold;

    SendQueue(StreamSettings stream, ChunkRing ring) {
        this.stream = stream;
        nonces = stream.nonces();
        this.ring = ring;
        first = stream.firstSequence();
        next = first;
        pushed = first;
    }

    /**
     * Adds a chunk, or a message to the last one.
     *
     * @param type one of the four broadcast chunks of protocol 0.1, or of the two with headers
     * @param header which every receiver understands; bundles, too, if it is not the plain one
     */
    void write(ChunkType type, ByteBuffer payload, ChunkHeader header, long nowNanos) {
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        ChunkType part = type.withoutHeaders();
        boolean whole = part == ChunkType.BROADCAST_MESSAGE;
        boolean first = part == ChunkType.BROADCAST_FIRST_FRAGMENT;
        if (whole || first) {
            gathering = !isEmpty() || nowNanos - lastSentNanos < GATHER_NANOS;
            messageChunks = 0;
        }
        messageChunks++;
        abandonmentUntold = false;
        if (first) {
            messageFirst = next;
            messageHasHeaders = type.hasHeaders();
        }
        insideMessage = first || part == ChunkType.BROADCAST_FRAGMENT;
        if (header != ChunkHeader.PLAIN && whole && gathering && fitsTwice(payload.remaining(), header)) {
            bundle(payload, type.hasHeaders(), header);
        } else {
            append(type, payload, header);
        }
    }

    /** A message that takes more than half of a bundle has no use of one. */
    private boolean fitsTwice(int messageBytes, ChunkHeader header) {
        int roomBytes = ring.chunkBytes() - header.bytes();
        return 2 * (ChunkWriter.BUNDLED_LENGTH_BYTES + messageBytes) <= roomBytes;
    }

    private void bundle(ByteBuffer message, boolean hasHeaders, ChunkHeader header) {
        int addedBytes = ChunkWriter.BUNDLED_LENGTH_BYTES + message.remaining();
        ByteBuffer target;
        if (bundleOpen && ring.length(next - 1) + addedBytes <= ring.chunkBytes()) {
            bytes -= ring.length(next - 1);
            next--;
            target = ring.append(next);
        } else {
            target = begin(ChunkType.BROADCAST_BUNDLE, header);
        }
        int mark = hasHeaders ? ChunkWriter.BUNDLED_HEADERS : 0;
        target.putShort((short) (mark | message.remaining())).put(message);
        finish();
        bundleOpen = true;
    }

    private void append(ChunkType type, ByteBuffer payload, ChunkHeader header) {
        // Data that was cut for others, which have left meanwhile, has no room for a longer header.
        ChunkHeader used = header.inFrontOf(payload.remaining(), ring.chunkBytes(), ring.largestChunkBytes());
        if (type.withoutHeaders() == ChunkType.BROADCAST_FIRST_FRAGMENT || !messageHeader.includes(used)) {
            messageHeader = used;
        }
        begin(type, used).put(payload);
        finish();
    }

    private ByteBuffer begin(ChunkType type, ChunkHeader header) {
        long nonce = header == ChunkHeader.NONCED ? nonces.of(next) : 0;
        ByteBuffer target = ring.begin(next, header, nonce);
        header.write(target, stream.direction(), type, stream.group(), next, stream.tag(), nonce);
        bundleOpen = false;
        return target;
    }

    private void finish() {
        ring.finish(next);
        bytes += ring.length(next);
        next++;
    }

    /** Whether a message is complete that nothing else is to leave with. */
    boolean wantsToLeave() {
        return !insideMessage && !gathering;
    }

    /** Has what is here leave in a while, unless it does for another reason. */
    void startGathering(long nowNanos) {
        if (!isEmpty() && gatherNanos == RetryTimer.NEVER) {
            gatherNanos = nowNanos + GATHER_NANOS;
        }
    }

    /** Whether chunks have waited for others for long enough; said once. */
    boolean isGathered(long nowNanos) {
        boolean due = nowNanos >= gatherNanos;
        if (due) {
            gatherNanos = RetryTimer.NEVER;
        }
        return due;
    }

    long gatheredNanos() {
        return gatherNanos;
    }

    /** All chunks are to leave as soon as they may. */
    void push() {
        pushed = next;
    }

    /** Whether there are chunks that are to leave as soon as they may. */
    boolean isPushed() {
        return pushed > first;
    }

    /** The first chunk that may wait for others. */
    long pushedEnd() {
        return pushed;
    }

    /** Sends the chunks in front of {@code end}. */
    void send(long end, List<InetSocketAddress> destinations, long nowNanos) {
        ring.send(first, end, destinations);
        while (first < end) {
            bytes -= ring.length(first);
            ring.onSent(first, nowNanos);
            first++;
        }
        lastSentNanos = nowNanos;
        if (isEmpty()) {
            gatherNanos = RetryTimer.NEVER;
            bundleOpen = false;
        }
    }

    /**
     * Ends a message of which not all fragments were written.
     *
     * @return whether there was one
     */
    boolean abandonMessage() {
        boolean abandoned = insideMessage;
        if (abandoned) {
            insideMessage = false;
            abandonmentUntold = true;
        }
        return abandoned;
    }

    /** Whether the receivers can't know yet that a message was abandoned. */
    boolean hasUntoldAbandonment() {
        return abandonmentUntold;
    }

    /** Adds a first fragment without data, which tells it. */
    void tellAbandonment(ChunkHeader header, long nowNanos) {
        abandonmentUntold = false;
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        append(ChunkType.BROADCAST_FIRST_FRAGMENT, NOTHING, header);
    }

    /** Since when the queue is not empty, if it is not. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** The first chunk that is not of a message which was begun before it. */
    long nextMessage() {
        return insideMessage ? messageFirst : next;
    }

    /** Whether nothing was sent of the message that is being written, and none of its chunks so far is longer than that. */
    boolean isUnsentMessageOf(int longestChunkBytes) {
        boolean fitting = messageFirst >= first;
        for (long sequence = messageFirst; fitting && sequence < next; sequence++) {
            fitting = ring.length(sequence) <= longestChunkBytes;
        }
        return fitting;
    }

    /** Whether who understands a header, and takes headers of messages or not, understands the message that was begun and is not complete. */
    boolean isMessageUnderstoodBy(ChunkHeader header, boolean takesHeaders) {
        return header.includes(messageHeader) && (takesHeaders || !messageHasHeaders);
    }

    /** The next message begins a chunk of its own. */
    void endBundle() {
        bundleOpen = false;
    }

    /** How many chunks the message has so far that was begun and neither completed nor abandoned. */
    int messageChunks() {
        return insideMessage ? messageChunks : 0;
    }

    /** Whether a message was begun and neither completed nor abandoned. */
    boolean isInsideMessage() {
        return insideMessage;
    }

    boolean isEmpty() {
        return first == next;
    }

    int bytes() {
        return bytes;
    }

    /** The first chunk that was not sent. */
    long first() {
        return first;
    }

    /** The number of the next chunk to be written. */
    long next() {
        return next;
    }
}
