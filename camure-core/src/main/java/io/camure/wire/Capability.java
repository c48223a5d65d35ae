package io.camure.wire;

/**
 * What a node can do beyond protocol 0.1. A node offers it when it joins, and it is used when both sides have it. A node that
 * has offered anything is a negotiated peer; one that speaks protocol 0.1 only is a legacy peer.
 */
public enum Capability {
    /** Says by status reports what it has of a broadcast, and does not acknowledge chunk by chunk. */
    STATUS_REPORTS(0),
    /** Takes several messages in one chunk. */
    BUNDLES(1),
    /** Takes a release for the acknowledgement of its arrival, and acknowledges it by the next one. */
    IMPLICIT_ROUND_ACKS(2),
    /** Understands that a round was broken. */
    BROKEN_ROUNDS(3),
    /** Takes chunks of a broadcast that say of which incarnation of the coordinator they are. */
    TAGGED_CHUNKS(4),
    /** Joins groups by their names, and is told why a join has to wait. */
    JOIN_ANSWERS(5),
    /** Tells which probe it heard last of those that go to the multicast address. */
    MULTICAST_PROBES(6),
    /** Tells which path probes came, and takes chunks of a broadcast in pieces. */
    PATH_PROBES(7),
    /**
     * Tells in whatever it says which incarnation or membership it is of, and believes nothing that does not; proves its address
     * before it is let in; takes a welcome to a group that begins later than one before.
     */
    HARDENED(8),
    /** Is in a session that lets in nodes with {@link #HARDENED} only. Members always say so, coordinators if it is true. */
    HARDENED_ONLY(9),
    /** Takes chunks of a broadcast with nonces, and proves by them what it reports to have. */
    RECEIPT_PROOFS(10),
    /** Answers echo requests, by which a doctor finds out what the network lets through. */
    ECHOES(11),
    /** Takes part in collectives, whose chunks say all that those of nodes with {@link #HARDENED} and {@link #RECEIPT_PROOFS} say. */
    COLLECTIVES(12),
    /** Takes the goodbye of its coordinator, which hands over to another one. */
    HANDOVER(13),
    /** Takes messages with headers. */
    HEADERS(14),
    /** Tells with an arrival in which trace it waits, and with a release what stands for the round in traces. */
    ROUND_CONTEXTS(15),
    /** The same of collectives; a node with it has {@link #ROUND_CONTEXTS}, too. */
    COLLECTIVE_CONTEXTS(16);

    /** All that this version of camure has. */
    public static final int ALL = STATUS_REPORTS.mask()
            | BUNDLES.mask()
            | IMPLICIT_ROUND_ACKS.mask()
            | BROKEN_ROUNDS.mask()
            | TAGGED_CHUNKS.mask()
            | JOIN_ANSWERS.mask()
            | MULTICAST_PROBES.mask()
            | PATH_PROBES.mask()
            | HARDENED.mask()
            | HARDENED_ONLY.mask()
            | RECEIPT_PROOFS.mask()
            | ECHOES.mask()
            | COLLECTIVES.mask()
            | HANDOVER.mask()
            | HEADERS.mask()
            | ROUND_CONTEXTS.mask()
            | COLLECTIVE_CONTEXTS.mask();

    private final int bit;

    /**
     * What a coordinator has.
     *
     * @param acceptsLegacy whether it lets others than hardened nodes in
     * @param givesNonces whether members are to prove what they have received
     */
    public static int ofCoordinator(boolean acceptsLegacy, boolean givesNonces) {
        return ALL & ~(acceptsLegacy ? HARDENED_ONLY.mask() : 0) & ~(givesNonces ? 0 : RECEIPT_PROOFS.mask());
    }

    Capability(int bit) {
        this.bit = bit;
    }

    /** Its bit on the wire. */
    public int mask() {
        return 1 << bit;
    }

    public boolean isIn(int capabilities) {
        return (capabilities & mask()) != 0;
    }
}
