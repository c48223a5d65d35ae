package io.camure.wire;

/**
 * What a node can do beyond protocol 0.1. A node offers it when it joins, and it is used when both sides have it. A node that
 * has offered anything is a negotiated peer; one that speaks protocol 0.1 only is a legacy peer.
 */
public enum Capability {
    /** Says by status reports what it has of a broadcast, and does not acknowledge chunk by chunk. */
    STATUS_REPORTS,
    /** Takes several messages in one chunk. */
    BUNDLES,
    /** Takes a release for the acknowledgement of its arrival, and acknowledges it by the next one. */
    IMPLICIT_ROUND_ACKS,
    /** Understands that a round was broken. */
    BROKEN_ROUNDS,
    /** Takes chunks of a broadcast that say of which incarnation of the coordinator they are. */
    TAGGED_CHUNKS,
    /** Joins groups by their names, and is told why a join has to wait. */
    JOIN_ANSWERS;

    /** All that this version of camure has. */
    public static final int ALL = STATUS_REPORTS.mask()
            | BUNDLES.mask()
            | IMPLICIT_ROUND_ACKS.mask()
            | BROKEN_ROUNDS.mask()
            | TAGGED_CHUNKS.mask()
            | JOIN_ANSWERS.mask();

    /** Its bit on the wire. */
    public int mask() {
        return 1 << ordinal();
    }

    public boolean isIn(int capabilities) {
        return (capabilities & mask()) != 0;
    }
}
