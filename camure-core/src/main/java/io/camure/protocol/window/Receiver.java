package io.camure.protocol.window;

import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;

/** One of those whom a {@link SendWindow} serves: where it is, what it understands, and how far it is. */
public final class Receiver {

    private final NodeIdentity node;
    private final Traits traits;
    private final long firstSequence;
    private final DeliveryProgress progress;
    private boolean confirmed;
    private long confirmedNanos;

    /** The end of the chunks of which it was noted whether this receiver missed them. */
    private long lossesNotedTo = Long.MIN_VALUE;

    /** How many it missed in the congestion window that ends here. */
    private long lossWindowEnd;

    private int windowLosses;

    /**
     * What a receiver has told about itself.
     *
     * @param reportsStatus whether it says by status reports what it has; a legacy peer acknowledges each chunk
     * @param takesTaggedChunks whether it understands tagged chunks and bundles
     * @param windowChunks how many chunks it keeps for its reader, if it gives status reports
     * @param receiveBufferBytes what its sockets can hold, or 0 when that is not known
     */
    public record Traits(boolean reportsStatus, boolean takesTaggedChunks, int windowChunks, int receiveBufferBytes) {}

    /** @param firstSequence the first chunk that it is to have */
    public Receiver(NodeIdentity node, Traits traits, long firstSequence) {
        this.node = node;
        this.traits = traits;
        this.firstSequence = firstSequence;
        progress = new DeliveryProgress(
                firstSequence, traits.reportsStatus() ? firstSequence + traits.windowChunks() : Long.MAX_VALUE);
    }

    /** It is known to be there. Chunks are for it before that, but it is not blamed for what it does not answer. */
    public void confirm(long nowNanos) {
        confirmed = true;
        confirmedNanos = nowNanos;
    }

    /** Which node it is. */
    public NodeIdentity node() {
        return node;
    }

    InetSocketAddress address() {
        return node.address();
    }

    /** The first chunk that it is to have. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Whether it says by status reports what it has. */
    public boolean reportsStatus() {
        return traits.reportsStatus();
    }

    boolean takesTaggedChunks() {
        return traits.takesTaggedChunks();
    }

    int receiveBufferBytes() {
        return traits.receiveBufferBytes();
    }

    boolean isConfirmed() {
        return confirmed;
    }

    long confirmedNanos() {
        return confirmedNanos;
    }

    /** It has told of all chunks in front of {@code end}. */
    void onLossesNoted(long end) {
        lossesNotedTo = Math.max(lossesNotedTo, end);
    }

    /**
     * It lacks a chunk.
     *
     * @return how many chunks it has missed in the congestion window that ends at {@code windowEnd}, each counted once
     */
    int onMissing(long sequence, long windowEnd) {
        if (lossWindowEnd != windowEnd) {
            lossWindowEnd = windowEnd;
            windowLosses = 0;
        }
        if (sequence >= lossesNotedTo) {
            windowLosses++;
        }
        return windowLosses;
    }

    /** @param sentEnd the first chunk that was not sent yet */
    ReceiverUse use(long sentEnd) {
        int window = traits.reportsStatus() ? traits.windowChunks() : 0;
        long room = Math.min(window, progress.limit() - progress.firstMissing());
        return new ReceiverUse(
                node, (int) Math.max(0, sentEnd - progress.firstMissing()), (int) Math.max(0, window - room), window);
    }

    DeliveryProgress progress() {
        return progress;
    }
}
