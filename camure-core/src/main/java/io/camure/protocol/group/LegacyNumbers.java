package io.camure.protocol.group;

import io.camure.wire.SequenceNumbers;

/**
 * Whether the numbers that a legacy coordinator sends in a group show that it was started anew: it begins all of them at 0
 * again, and tells nothing else of its incarnation.
 *
 * <p>A number that this member has passed for longer than any datagram is on its way can only be one of the few that the
 * coordinator repeats for other members. More of them, one after the other and nothing of the present ones in between, are
 * those of another incarnation.
 */
public final class LegacyNumbers {

    private final int repeatedAtMost;
    private final long oldNanos;

    /** Where this member was lately. */
    private long lately;

    private long latelyNanos;

    /** What is in front of it was passed long ago. */
    private long old = Long.MIN_VALUE;

    /** What comes next in a run of old numbers, and how many it has. */
    private long next;

    private int length;

    /**
     * @param repeatedAtMost how many numbers the coordinator may repeat at a time
     * @param oldNanos longer than any datagram is on its way
     */
    public LegacyNumbers(int repeatedAtMost, long oldNanos) {
        this.repeatedAtMost = repeatedAtMost;
        this.oldNanos = oldNanos;
    }

    /** The member begins with a number. */
    public void start(long first, long nowNanos) {
        lately = first;
        latelyNanos = nowNanos;
        old = Long.MIN_VALUE;
    }

    /**
     * The coordinator has sent a number.
     *
     * @param position the first number that this member has not passed
     * @return whether it is of another incarnation
     */
    public boolean isOfAnotherIncarnation(int wireSequence, long position, long nowNanos) {
        if (nowNanos - latelyNanos >= oldNanos) {
            old = lately;
            lately = position;
            latelyNanos = nowNanos;
        }
        long sequence = SequenceNumbers.extend(position, wireSequence);
        if (sequence >= old) {
            length = 0;
        } else if (length > 0 && sequence == next) {
            length++;
            next++;
        } else if (length == 0 || sequence != next - 1) {
            length = 1;
            next = sequence + 1;
        }
        return length > repeatedAtMost;
    }
}
