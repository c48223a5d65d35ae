package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.RetryTimer;
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

    private final int group;
    private final int epoch;
    private final ChunkRing ring;

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

    /** The first chunk of the message that was begun last, if that has several. */
    private long messageFirst;

    private boolean abandonmentUntold;

    SendQueue(int group, int epoch, ChunkRing ring, long firstSequence) {
        this.group = group;
        this.epoch = epoch;
        this.ring = ring;
        first = firstSequence;
        next = firstSequence;
        pushed = firstSequence;
    }

    /**
     * Adds a chunk, or a message to the last one.
     *
     * @param type one of the four broadcast chunks of protocol 0.1
     * @param taggedChunks whether every receiver understands tagged chunks and bundles
     */
    void write(ChunkType type, ByteBuffer payload, boolean taggedChunks, long nowNanos) {
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        boolean whole = type == ChunkType.BROADCAST_MESSAGE;
        if (whole || type == ChunkType.BROADCAST_FIRST_FRAGMENT) {
            gathering = !isEmpty() || nowNanos - lastSentNanos < GATHER_NANOS;
            messageChunks = 0;
        }
        messageChunks++;
        abandonmentUntold = false;
        if (type == ChunkType.BROADCAST_FIRST_FRAGMENT) {
            messageFirst = next;
        }
        insideMessage = type == ChunkType.BROADCAST_FIRST_FRAGMENT || type == ChunkType.BROADCAST_FRAGMENT;
        if (taggedChunks && whole && gathering && fitsTwice(payload.remaining())) {
            bundle(payload);
        } else {
            append(type, payload, taggedChunks);
        }
    }

    /** A message that takes more than half of a bundle has no use of one. */
    private boolean fitsTwice(int messageBytes) {
        int roomBytes = ring.chunkBytes() - ChunkWriter.TAGGED_HEADER_BYTES;
        return 2 * (ChunkWriter.BUNDLED_LENGTH_BYTES + messageBytes) <= roomBytes;
    }

    private void bundle(ByteBuffer message) {
        int addedBytes = ChunkWriter.BUNDLED_LENGTH_BYTES + message.remaining();
        ByteBuffer target;
        if (bundleOpen && ring.length(next - 1) + addedBytes <= ring.chunkBytes()) {
            bytes -= ring.length(next - 1);
            next--;
            target = ring.append(next);
        } else {
            target = begin(ChunkType.BROADCAST_BUNDLE, true);
        }
        target.putShort((short) message.remaining()).put(message);
        finish();
        bundleOpen = true;
    }

    private void append(ChunkType type, ByteBuffer payload, boolean taggedChunks) {
        // A message that was begun for legacy peers, which have left meanwhile, has chunks without room for a tag.
        boolean fits = payload.remaining() <= ring.largestChunkBytes() - ChunkWriter.TAGGED_HEADER_BYTES;
        begin(type, taggedChunks && fits).put(payload);
        finish();
    }

    private ByteBuffer begin(ChunkType type, boolean tagged) {
        ByteBuffer target = ring.begin(next, tagged);
        if (tagged) {
            ChunkWriter.tagged(target, type, group, next, epoch);
        } else {
            ChunkWriter.sequenced(target, type, group, next);
        }
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
    void tellAbandonment(boolean taggedChunks, long nowNanos) {
        abandonmentUntold = false;
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        append(ChunkType.BROADCAST_FIRST_FRAGMENT, NOTHING, taggedChunks);
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
