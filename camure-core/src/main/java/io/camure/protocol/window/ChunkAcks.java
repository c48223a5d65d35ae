package io.camure.protocol.window;

import io.camure.protocol.base.RetryTimer;

/**
 * The answers to a legacy peer: each chunk is acknowledged when it is kept. Those in the second half of the window are kept
 * without being acknowledged until the reader has caught up: that holds the sender back, and lets it go on without a
 * repetition.
 */
final class ChunkAcks implements Answers {

    private final Sender sender;
    private final ReceivedChunks chunks;

    /** Chunks from the first unread one on that are acknowledged at once. */
    private final int acknowledgedChunks;

    /** Which chunks are kept without being acknowledged, by their place in the ring. */
    private final boolean[] withheld;

    private final int mask;

    ChunkAcks(Sender sender, ReceivedChunks chunks) {
        this.sender = sender;
        this.chunks = chunks;
        acknowledgedChunks = chunks.slots() / 2;
        withheld = new boolean[Integer.highestOneBit(2 * chunks.slots() - 1)];
        mask = withheld.length - 1;
    }

    private int index(long sequence) {
        return (int) sequence & mask;
    }

    @Override
    public void onStart(long nowNanos) {
        // There is nothing to acknowledge.
    }

    @Override
    public void onNew(long sequence, boolean gap, long nowNanos) {
        withheld[index(sequence)] = sequence >= chunks.unread() + acknowledgedChunks;
        acknowledgeUnlessWithheld(sequence);
    }

    @Override
    public void onRepeated(long sequence, long nowNanos) {
        if (sequence < chunks.unread()) {
            sender.acknowledge(sequence);
        } else {
            acknowledgeUnlessWithheld(sequence);
        }
    }

    private void acknowledgeUnlessWithheld(long sequence) {
        if (!withheld[index(sequence)]) {
            sender.acknowledge(sequence);
        }
    }

    @Override
    public void onQuery() {
        // A legacy peer does not ask.
    }

    @Override
    public void onRead(long nowNanos) {
        long last = chunks.unread() + acknowledgedChunks - 1;
        if (chunks.has(last) && withheld[index(last)]) {
            withheld[index(last)] = false;
            sender.acknowledge(last);
        }
    }

    @Override
    public void onDeadline(long nowNanos) {
        // Nothing is ever due.
    }

    @Override
    public long nextDeadlineNanos() {
        return RetryTimer.NEVER;
    }
}
