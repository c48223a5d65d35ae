package io.camure.protocol.window;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import java.util.Arrays;

/**
 * A message of which the first chunk's number and the length are known, in a {@link ReceiveWindow} of its own, until all of it is
 * here. It takes memory only as data come, and never more than it is long, beside the window.
 */
public final class MessageAssembly {

    /** What a longer message has room for at first. */
    private static final int FIRST_BYTES = 1 << 16;

    private final ReceiveWindow window;
    private final ProtocolCounters counters;
    private final int length;
    private byte[] message = {};
    private int here;

    /** Whether the window may have something to say, and when it was last given a reason to. */
    private boolean speaks = true;

    private long reasonNanos;

    /**
     * @param windowChunks how many chunks are kept
     * @param chunkBytes the largest chunk, its header included
     * @param firstSequence the number of the first chunk
     * @param length of the message, in bytes: at least one
     */
    public MessageAssembly(
            Sender sender,
            int windowChunks,
            int chunkBytes,
            int firstSequence,
            int length,
            ProtocolCounters counters,
            long nowNanos) {
        this.counters = counters;
        this.length = length;
        reasonNanos = nowNanos;
        window = new ReceiveWindow(sender, windowChunks, chunkBytes, counters);
        window.start(firstSequence, nowNanos);
    }

    /**
     * Takes a chunk with data.
     *
     * @return whether the message is complete by it
     */
    public boolean onChunk(ChunkReader chunk, long nowNanos) {
        boolean wasComplete = isComplete();
        if (wasComplete && sequenceOf(chunk) >= window.firstMissing()) {
            // Of what comes behind this message, of which nothing is known yet.
            counters.onDropped(DropReason.OUT_OF_WINDOW);
            return false;
        }
        onReason(nowNanos);
        window.onChunk(chunk, nowNanos);
        while (!isComplete() && window.nextType() != null) {
            read(nowNanos);
        }
        if (isComplete() && !wasComplete) {
            window.report();
            return true;
        }
        return false;
    }

    private void read(long nowNanos) {
        int bytes = Math.min(window.nextBytes(), length - here);
        if (here + bytes > message.length) {
            message = Arrays.copyOf(message, Math.max(here + bytes, Math.min(length, roomBytes())));
        }
        window.read(message, here, bytes, nowNanos);
        here += bytes;
    }

    private int roomBytes() {
        return message.length == 0 ? FIRST_BYTES : message.length > length / 2 ? length : 2 * message.length;
    }

    /** Takes a question for what is here. */
    public void onQuery(ChunkReader query, long nowNanos) {
        onReason(nowNanos);
        window.onQuery(query);
    }

    private void onReason(long nowNanos) {
        speaks = true;
        reasonNanos = nowNanos;
    }

    /** The number of a chunk of which it has the low 16 bits. */
    public long sequenceOf(ChunkReader chunk) {
        return window.sequenceOf(chunk);
    }

    /** Whether all of the message is here. */
    public boolean isComplete() {
        return here == length;
    }

    /** Gives the message, which is complete, away. */
    public byte[] take() {
        byte[] taken = message;
        message = new byte[0];
        return taken;
    }

    /** What proves what was reported last. */
    public long receiptProof() {
        return window.receiptProof();
    }

    /** Does what is due. */
    public void onDeadline(long nowNanos) {
        if (speaks) {
            window.onDeadline(nowNanos);
            speaks = !isComplete();
        }
    }

    /** Once all is here it has nothing to say but what it is asked for; and nothing is due since before it was. */
    public long nextDeadlineNanos() {
        return speaks ? Math.max(reasonNanos, window.nextDeadlineNanos()) : RetryTimer.NEVER;
    }
}
