package io.camure.wire;

import java.util.Locale;

/** Why a datagram that came was dropped. Each is counted; none changes anything else. */
public enum DropReason {
    /** A datagram without a byte in it. */
    EMPTY,
    /** An id that no chunk has. */
    UNKNOWN_CHUNK,
    /** Shorter than the header of its chunk. */
    TRUNCATED,
    /** Longer than the chunk size of the session, or than its chunk may be. */
    OVERSIZED,
    /** A field outside its range: a group type, a chunk size, an address that is not multicast. */
    BAD_FIELD,
    /** A chunk that this side does not take, or not in this state. */
    UNEXPECTED,
    /** Not sent by the coordinator of the session. */
    FOREIGN_SOURCE,
    /** From a node that is not in the session. */
    NOT_IN_SESSION,
    /** From a node of the session that is not in the group. */
    NOT_A_MEMBER,
    /** Of a peer that tells in what it says whose it is, without that: somebody else has said it in its name. */
    UNIDENTIFIED,
    /** A join of a node that has yet to prove its address. */
    UNPROVEN,
    /** A join of a node that can't prove its address, where others are not let in. */
    LEGACY_PEER,
    /** By an earlier incarnation of the node at the same address, or meant for one. */
    EARLIER_INCARNATION,
    /** A welcome by a coordinator that was elected before one that this node was in the session of, and was replaced since. */
    EARLIER_TERM,
    /** A welcome by a coordinator of a term that it can't have come to by elections. */
    IMPLAUSIBLE_TERM,
    /** At a coordinator that may not act any more, since its lease was not renewed. */
    LEASE_OVER,
    /** For a group that does not exist here. */
    UNKNOWN_GROUP,
    /** A join for a group of another type. */
    WRONG_GROUP_TYPE,
    /** A join that calls the group by another name. */
    WRONG_GROUP_NAME,
    /** A join by a node that is in already. */
    DUPLICATE_JOIN,
    /** A repetition of what has been taken. */
    DUPLICATE,
    /** A round or chunk that is too far from the current one. */
    OUT_OF_WINDOW,
    /** The session has as many members as it may have. */
    SESSION_FULL,
    /** A join that offers no version of the protocol that is spoken here. */
    UNKNOWN_VERSION,
    /** A join for a session of another name. */
    OTHER_SESSION,
    /** What an answer is due to, from a source that has had as many answers within a second as it may. */
    UNANSWERED,
    /** In a sealed session, not made by who has the key: forged, broken on its way, or by a node with another secret. */
    UNAUTHENTICATED,
    /** In a sealed session, a datagram that was taken before, or so old that this can't be told. */
    REPLAYED,
    /** Sealed under a key that this node does not have. */
    UNKNOWN_KEY,
    /** In clear, though the session is sealed. */
    UNSECURED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** What meters and statistics call it, such as {@code unknown-chunk}. */
    public String label() {
        return label;
    }
}
