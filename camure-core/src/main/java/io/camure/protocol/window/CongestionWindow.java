package io.camure.protocol.window;

/**
 * How many chunks of a broadcast may be on their way, as the path and the receivers' socket buffers bear it.
 *
 * <p>It never exceeds what the smallest receive buffer holds, so that a sender that fills it at once overruns nobody. It
 * shrinks to 0.7 of itself (the factor of CUBIC, RFC 9438) when one receiver missed more than 5 % of a window, and grows again by an
 * eighth for each window; until the first such loss it doubles. A smaller loss is taken for that of the link, not for a
 * queue that has overflowed, and only repaired (BBRv2 draws that line, too).
 */
final class CongestionWindow {

    private static final int INITIAL_CHUNKS = 64;
    private static final int MINIMUM_CHUNKS = 16;
    private static final double TOLERATED_LOSS = 0.05;
    private static final double DECREASE = 0.7;

    private final int configuredChunks;
    private int maximumChunks;
    private int chunks;
    private boolean everShrunk;

    /** The current window of chunks: its end, and what happened in it. */
    private long windowEnd;

    private int windowSent;
    private int windowLost;

    CongestionWindow(int configuredChunks) {
        this.configuredChunks = configuredChunks;
        maximumChunks = configuredChunks;
        chunks = Math.min(INITIAL_CHUNKS, configuredChunks);
    }

    int chunks() {
        return chunks;
    }

    /** Sets what the receiver with the smallest socket buffer can hold. */
    void limitTo(int receiverChunks) {
        maximumChunks = Math.max(1, Math.min(receiverChunks, configuredChunks));
        chunks = Math.min(chunks, maximumChunks);
    }

    void onSent(int sentChunks) {
        windowSent += sentChunks;
    }

    /**
     * A receiver lacks a chunk. The one that misses most counts: a queue that overflows takes many chunks from one receiver or
     * the same ones from all, while the noise of each one's link adds up to more than is tolerated of one.
     */
    void onMissing(long sequence, Receiver receiver) {
        windowLost = Math.max(windowLost, receiver.onMissing(sequence, windowEnd));
    }

    /** All chunks in front of {@code base} have arrived everywhere, those in front of {@code sent} were sent. */
    void onProgress(long base, long sent) {
        if (base < windowEnd) {
            return;
        }
        if (windowLost > Math.max(1, windowSent * TOLERATED_LOSS)) {
            everShrunk = true;
            chunks = Math.max(Math.min(MINIMUM_CHUNKS, maximumChunks), (int) (chunks * DECREASE));
        } else if (windowSent >= chunks / 2) {
            // One that was not used says nothing about a larger one.
            chunks = Math.min(maximumChunks, everShrunk ? chunks + chunks / 8 + 1 : 2 * chunks);
        }
        windowEnd = sent;
        windowSent = 0;
        windowLost = 0;
    }
}
