package io.camure.protocol.window;

/** Which chunks a receiver has, as the sender knows it. */
final class DeliveryProgress {

    /** The span of chunks that may be on their way at most; a power of two, so that a place in the ring costs a mask. */
    static final int SPAN = 1024;

    private static final int WORDS = SPAN / Long.SIZE;

    /** A bit for each chunk behind the first missing one that the receiver has. */
    private final long[] received = new long[WORDS];

    private long firstMissing;

    /** The first chunk that the receiver has no room for. */
    private long limit;

    /** When the receiver got further the last time. */
    private long movedNanos;

    private boolean slow;
    private long slowUntil;
    private long slowSinceNanos;

    /** How long after the last reminder of its slowness the next one is due, and when. */
    private long reminderPauseNanos;

    private long reminderNanos;

    /** The receiver is to have chunks from {@code firstSequence} on, and has no room for those from {@code limit} on. */
    DeliveryProgress(long firstSequence, long limit) {
        firstMissing = firstSequence;
        this.limit = limit;
    }

    long firstMissing() {
        return firstMissing;
    }

    long limit() {
        return limit;
    }

    /** The receiver has room up to a chunk. What it once had room for it keeps room for. */
    void extendLimit(long newLimit) {
        limit = Math.max(limit, newLimit);
    }

    long movedNanos() {
        return movedNanos;
    }

    void onMoved(long nowNanos) {
        movedNanos = nowNanos;
    }

    /** Whether the receiver was called slow and has not caught up. */
    boolean isSlow() {
        return slow;
    }

    /** What a slow receiver needs to have, and room behind it, to be slow no longer. */
    long slowUntil() {
        return slowUntil;
    }

    /** @param reminderAfterNanos when to tell that it is slow still; after that twice as long each time, up to the longest pause */
    void beginSlowness(long until, long reminderAfterNanos, long nowNanos) {
        slow = true;
        slowUntil = until;
        slowSinceNanos = nowNanos;
        reminderPauseNanos = reminderAfterNanos;
        reminderNanos = nowNanos + reminderAfterNanos;
    }

    long reminderNanos() {
        return reminderNanos;
    }

    /** It is told now. Gives back how long it has been slow. */
    long onReminded(long longestPauseNanos, long nowNanos) {
        reminderPauseNanos = Math.min(2 * reminderPauseNanos, longestPauseNanos);
        reminderNanos = nowNanos + reminderPauseNanos;
        return nowNanos - slowSinceNanos;
    }

    void endSlowness() {
        slow = false;
    }

    boolean has(long sequence) {
        return sequence < firstMissing || (received[word(sequence)] & bit(sequence)) != 0;
    }

    /** The receiver has a chunk, which must be less than {@link #SPAN} from the first missing one. */
    void onReceived(long sequence) {
        if (sequence < firstMissing) {
            return;
        }
        received[word(sequence)] |= bit(sequence);
        while ((received[word(firstMissing)] & bit(firstMissing)) != 0) {
            received[word(firstMissing)] &= ~bit(firstMissing);
            firstMissing++;
        }
    }

    /** The receiver has all chunks in front of one. */
    void onAllReceived(long end) {
        while (firstMissing < end) {
            received[word(firstMissing)] &= ~bit(firstMissing);
            firstMissing++;
        }
        while ((received[word(firstMissing)] & bit(firstMissing)) != 0) {
            received[word(firstMissing)] &= ~bit(firstMissing);
            firstMissing++;
        }
    }

    private static int word(long sequence) {
        return (int) (sequence >> 6) & WORDS - 1;
    }

    private static long bit(long sequence) {
        return 1L << sequence;
    }
}
