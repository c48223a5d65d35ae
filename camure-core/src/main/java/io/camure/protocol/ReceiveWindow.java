package io.camure.protocol;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.Refusal;
import io.camure.wire.SequenceNumbers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a broadcast at a receiver, from their arrival until they are read, in order.
 *
 * <p>A chunk is acknowledged only when it is kept. Those in the second half of the window are kept without being
 * acknowledged until the reader has caught up: that holds the sender back, and lets it go on without a repetition.
 */
public final class ReceiveWindow implements MemberWork {

    /** The span of chunks that a sender may have on their way; 10 for a 0.1 sender. */
    private static final int LARGEST_SEND_WINDOW = 1024;

    private final int group;
    private final MemberLink link;
    private final Slot[] slots;
    private final int acknowledgedChunks;
    private long first;

    /** The first chunk that was not read. */
    private long unread;

    /** One more than the last chunk that was received. */
    private long end;

    private static final class Slot {
        ByteBuffer payload = ByteBuffer.allocate(0);

        @Nullable
        ChunkType type;

        boolean ackWithheld;
    }

    ReceiveWindow(int group, MemberLink link, int windowChunks) {
        this.group = group;
        this.link = link;
        slots = new Slot[windowChunks];
        for (int i = 0; i < windowChunks; i++) {
            slots[i] = new Slot();
        }
        acknowledgedChunks = windowChunks / 2;
    }

    private Slot slot(long sequence) {
        return slots[(int) (sequence % slots.length)];
    }

    @Override
    public void onWelcome(int wireSequence) {
        first = wireSequence;
        unread = wireSequence;
        end = wireSequence;
    }

    @Override
    public void onChunk(ChunkReader chunk, long nowNanos) {
        if (!chunk.type().isBroadcast()) {
            link.counters().onRefused(Refusal.UNEXPECTED);
            return;
        }
        long sequence = SequenceNumbers.extend(unread, chunk.sequence());
        if (sequence < unread) {
            link.counters().onRefused(Refusal.DUPLICATE);
            acknowledge(sequence);
        } else if (sequence >= unread + slots.length) {
            link.counters().onRefused(Refusal.OUT_OF_WINDOW);
            if (sequence >= unread + slots.length + LARGEST_SEND_WINDOW) {
                // No sender that counts on this receiver is so far ahead: one of a later session will say that it does
                // not.
                acknowledge(sequence);
            }
        } else {
            keep(sequence, chunk);
        }
    }

    private void keep(long sequence, ChunkReader chunk) {
        Slot slot = slot(sequence);
        if (slot.type == null) {
            int length = chunk.payloadBytes();
            if (slot.payload.capacity() < length) {
                slot.payload = ByteBuffer.allocate(length);
            }
            slot.payload.clear();
            chunk.copyPayload(slot.payload);
            slot.payload.flip();
            slot.type = chunk.type();
            slot.ackWithheld = sequence >= unread + acknowledgedChunks;
            end = Math.max(end, sequence + 1);
        } else {
            link.counters().onRefused(Refusal.DUPLICATE);
        }
        if (!slot.ackWithheld) {
            acknowledge(sequence);
        }
    }

    private void acknowledge(long sequence) {
        link.send(ChunkType.GROUP_ACK, group, sequence);
    }

    /** The type of the next chunk to be read, or {@code null} when it is not here. */
    public @Nullable ChunkType nextType() {
        return slot(unread).type;
    }

    /**
     * Takes the next chunk, which must be here, and acknowledges what was waiting for that.
     *
     * @param spare a buffer that is no longer used, kept in exchange
     * @return the payload, between position and limit
     */
    public ByteBuffer take(ByteBuffer spare) {
        Slot slot = slot(unread);
        ByteBuffer payload = slot.payload;
        slot.payload = spare;
        slot.type = null;
        unread++;
        long last = unread + acknowledgedChunks - 1;
        Slot released = slot(last);
        if (released.type != null && released.ackWithheld) {
            released.ackWithheld = false;
            acknowledge(last);
        }
        return payload;
    }

    /** Whether a chunk is missing in front of one that is here. */
    public boolean hasGap() {
        for (long sequence = unread; sequence < end; sequence++) {
            if (slot(sequence).type == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean hasReceivedFirst() {
        return unread > first || slot(first).type != null;
    }

    @Override
    public void onDeadline(long nowNanos) {
        // A receiver only answers.
    }

    @Override
    public long nextDeadlineNanos() {
        return RetryTimer.NEVER;
    }
}
