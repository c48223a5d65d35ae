package io.camure.protocol.window;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.camure.protocol.base.RetryTimer;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What was written to a broadcast and has not left yet, and when it wants to.
 *
 * <p>A message after a pause leaves at once. Those that follow it closely are gathered: small ones in one chunk when all
 * members understand that, and chunks in runs that leave together.
 */
public final class UnsentChunks {

    /** How closely messages follow one another to be gathered, and how long one waits for the next. */
    public static final long GATHER_NANOS = MICROSECONDS.toNanos(100);

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

    /** Since when there are some. */
    private long sinceNanos;

    private long lastSentNanos;
    private int bytes;
    private boolean gathering;
    private boolean bundleOpen;
    private boolean insideMessage;
    private boolean abandonmentUntold;

    public UnsentChunks(int group, int epoch, ChunkRing ring, long firstSequence) {
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
     * @param type one of the four broadcast chunks of 0.1
     * @param negotiatedOnly whether everybody in the group understands bundles and tagged chunks
     */
    public void write(ChunkType type, ByteBuffer payload, boolean negotiatedOnly, long nowNanos) {
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        boolean whole = type == ChunkType.BROADCAST_MESSAGE;
        if (whole || type == ChunkType.BROADCAST_FIRST_FRAGMENT) {
            gathering = !isEmpty() || nowNanos - lastSentNanos < GATHER_NANOS;
        }
        abandonmentUntold = false;
        insideMessage = type == ChunkType.BROADCAST_FIRST_FRAGMENT || type == ChunkType.BROADCAST_FRAGMENT;
        if (negotiatedOnly && whole && gathering && fitsTwice(payload.remaining())) {
            bundle(payload);
        } else {
            append(type, payload, negotiatedOnly);
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

    private void append(ChunkType type, ByteBuffer payload, boolean negotiatedOnly) {
        // A message may have been begun for 0.1 members, who have left meanwhile: then its chunks leave no room for a
        // tag.
        boolean fits = payload.remaining() <= ring.chunkBytes() - ChunkWriter.TAGGED_HEADER_BYTES;
        begin(type, negotiatedOnly && fits).put(payload);
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
    public boolean wantToLeave() {
        return !insideMessage && !gathering;
    }

    /** Has what is here leave in a while, unless it does for another reason. */
    public void startGathering(long nowNanos) {
        if (!isEmpty() && gatherNanos == RetryTimer.NEVER) {
            gatherNanos = nowNanos + GATHER_NANOS;
        }
    }

    /** Whether chunks have waited for others for long enough; said once. */
    public boolean areGathered(long nowNanos) {
        boolean due = nowNanos >= gatherNanos;
        if (due) {
            gatherNanos = RetryTimer.NEVER;
        }
        return due;
    }

    public long gatheredNanos() {
        return gatherNanos;
    }

    /** All that is here is to leave as soon as it may. */
    public void push() {
        pushed = next;
    }

    /** Whether some are to leave as soon as they may. */
    public boolean arePushed() {
        return pushed > first;
    }

    /** The first chunk that may wait for others. */
    public long pushedEnd() {
        return pushed;
    }

    /** Sends what is in front of {@code end}. */
    public void send(long end, InetSocketAddress destination, long nowNanos) {
        while (first < end) {
            bytes -= ring.length(first);
            ring.send(first, destination);
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
    public boolean abandonMessage() {
        boolean abandoned = insideMessage;
        if (abandoned) {
            insideMessage = false;
            abandonmentUntold = true;
        }
        return abandoned;
    }

    /** Whether the members can't know yet that a message was abandoned. */
    public boolean hasUntoldAbandonment() {
        return abandonmentUntold;
    }

    /** Adds a first fragment without data, which tells it. */
    public void tellAbandonment(boolean negotiatedOnly, long nowNanos) {
        abandonmentUntold = false;
        if (isEmpty()) {
            sinceNanos = nowNanos;
        }
        append(ChunkType.BROADCAST_FIRST_FRAGMENT, NOTHING, negotiatedOnly);
    }

    /** Since when there are some, if there are. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Whether a message was begun and neither completed nor abandoned. */
    public boolean isInsideMessage() {
        return insideMessage;
    }

    public boolean isEmpty() {
        return first == next;
    }

    public int bytes() {
        return bytes;
    }

    /** The first chunk that was not sent. */
    public long first() {
        return first;
    }

    /** The number of the next chunk to be written. */
    public long next() {
        return next;
    }
}
