package io.camure.protocol.window;

/** Which chunks of a broadcast a member has, as its coordinator knows it. */
public final class DeliveryProgress {

    /** The span of chunks that may be on their way at most; a power of two, so that a place in the ring costs a mask. */
    public static final int SPAN = 1024;

    private static final int WORDS = SPAN / Long.SIZE;

    /** A bit for each chunk behind the first missing one that the member has. */
    private long[] received = {};

    private long firstMissing;

    /** The first chunk that the member has no room for. */
    private long limit = Long.MAX_VALUE;

    /** When the member got further the last time. */
    private long movedNanos;

    private boolean slow;
    private long slowUntil;

    /** The member counts from {@code sequence} on, and has no room for chunks from {@code limit} on. */
    public void start(long sequence, long limit) {
        firstMissing = sequence;
        this.limit = limit;
        if (received.length == 0) {
            received = new long[WORDS];
        }
    }

    public long firstMissing() {
        return firstMissing;
    }

    public long limit() {
        return limit;
    }

    /** The member has room up to a chunk. What it once had room for it keeps room for. */
    public void extendLimit(long newLimit) {
        limit = Math.max(limit, newLimit);
    }

    public long movedNanos() {
        return movedNanos;
    }

    public void onMoved(long nowNanos) {
        movedNanos = nowNanos;
    }

    /** Whether the member was called slow and has not caught up. */
    public boolean isSlow() {
        return slow;
    }

    /** What a slow member needs to have, and room behind it, to be slow no longer. */
    public long slowUntil() {
        return slowUntil;
    }

    public void beginSlowness(long until) {
        slow = true;
        slowUntil = until;
    }

    public void endSlowness() {
        slow = false;
    }

    public boolean has(long sequence) {
        return sequence < firstMissing || (received[word(sequence)] & bit(sequence)) != 0;
    }

    /** The member has a chunk, which must be less than {@link #SPAN} from the first missing one. */
    public void onReceived(long sequence) {
        if (sequence < firstMissing) {
            return;
        }
        received[word(sequence)] |= bit(sequence);
        while ((received[word(firstMissing)] & bit(firstMissing)) != 0) {
            received[word(firstMissing)] &= ~bit(firstMissing);
            firstMissing++;
        }
    }

    /** The member has all chunks in front of one. */
    public void onAllReceived(long end) {
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
