package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks: those of protocol 0.1, and from 40 on those that only go to nodes which agreed to them. A datagram is exactly
 * one chunk: id, header, and for some types a payload.
 */
public enum ChunkType {
    SESSION_JOIN(0, 0),
    SESSION_WELCOME(1, 36),
    SESSION_HEARTBEAT(2, 0),
    GROUP_JOIN(10, 3),
    GROUP_WELCOME(11, 4),
    GROUP_ACK(12, 4),
    GROUP_LEAVE(13, 2),
    GROUP_DISCONNECTED(14, 2),
    BROADCAST_MESSAGE(20, 4),
    BROADCAST_FIRST_FRAGMENT(21, 4),
    BROADCAST_FRAGMENT(22, 4),
    BROADCAST_FINAL_FRAGMENT(23, 4),
    BARRIER_REACHED(30, 4),
    BARRIER_RELEASED(31, 4),
    /** The coordinator and the member have no version of the protocol in common. */
    SESSION_REFUSED(40, 0),
    /** A status report: what a receiver has of a broadcast, and what it has room for. */
    BROADCAST_STATUS(41, 18),
    /** Asks receivers for a status report. */
    BROADCAST_QUERY(42, 4),
    /** Several whole messages under one sequence number, each behind its length. */
    BROADCAST_BUNDLE(43, 4),
    /** The member leaves the session and all groups in it. */
    SESSION_LEAVE(44, 0),
    /** A round of a barrier has ended without everybody having arrived. */
    BARRIER_BROKEN(45, 4),
    /** A chunk with data of a broadcast that says of which incarnation of the coordinator it is; read as the chunk in it. */
    BROADCAST_TAGGED(46, 9),
    /** The answer to a GroupJoin by name, or to one of a node that has to wait: why. */
    GROUP_PENDING(47, 7),
    /** Goes to the multicast address to find out who hears it. */
    MULTICAST_PROBE(48, 4),
    /** One of several of different lengths, to find out which of them get to a node. */
    PATH_PROBE(49, 5),
    /** A part of a chunk with data of a broadcast that is too long to get to a node; read as the chunk once all are there. */
    BROADCAST_PIECE(50, 12),
    /** Goes to the multicast address that follows from a session's name, to find out where its coordinator is. */
    ANNOUNCEMENT_QUERY(51, 0),
    /** The answer to that. */
    ANNOUNCEMENT(52, 18),
    /** Another chunk, encrypted; see {@link SealedHeader}. */
    SEALED(53, 25),
    /** Has a node that wants to be in a sealed session prove its address first; see {@link HandshakeChunk}. */
    COOKIE(54, 40),
    /** Asks for an echo answer, to find out whether datagrams of this length pass, and how long they take. */
    ECHO_REQUEST(55, 5),
    /** The answer, never longer than the request. */
    ECHO_ANSWER(56, 5),
    /** A tagged chunk of a broadcast that also has a nonce; read as the chunk in it. */
    BROADCAST_NONCED(57, 17),
    /** Tells a member of a sealed session another key of what is for all; see {@link KeyChunk}. */
    KEY_CHANGE(58, 47),
    /** The answer to that. */
    KEY_CHANGE_ACK(59, 7),
    /** The member has arrived at a round of a collective, with what it calls and a value; see {@link CollectiveChunks}. */
    COLLECTIVE_REACHED(60, 4),
    /** All have arrived: the result, and which roster lists them. */
    COLLECTIVE_RELEASED(61, 4),
    /** A round of a collective has ended without a result. */
    COLLECTIVE_BROKEN(62, 4),
    /** A chunk with data of a member for the coordinator, with the number of the membership and a nonce. */
    UPLINK(63, 17),
    /** Asks the coordinator for a status report of such chunks. */
    UPLINK_QUERY(64, 8),
    /** A whole message in whose content its headers come first, see {@link HeaderBlock}. */
    BROADCAST_MESSAGE_WITH_HEADERS(68, 4),
    /** The first part of such a message. */
    BROADCAST_FIRST_FRAGMENT_WITH_HEADERS(69, 4),
    /** A part of a handshake by certificates; see {@link CertificateChunk}. */
    CERTIFICATE_HANDSHAKE(73, 43),
    /** Lists participants of a round, by their ranks, from the one that is its sequence number on. */
    COLLECTIVE_ROSTER(76, 4);

    private static final @Nullable ChunkType[] BY_ID = new ChunkType[128];

    static {
        for (ChunkType type : values()) {
            BY_ID[type.id] = type;
        }
    }

    private final byte id;
    private final int headerBytes;

    ChunkType(int id, int headerBytes) {
        this.id = (byte) id;
        this.headerBytes = headerBytes;
    }

    byte id() {
        return id;
    }

    /** Bytes of the id and the header: what a datagram of this type has at least. */
    public int minimumBytes() {
        return 1 + headerBytes;
    }

    /** Whether this is a chunk of a doctor, who also tries what is longer than the chunks of the session. */
    public boolean isEcho() {
        return this == ECHO_REQUEST || this == ECHO_ANSWER;
    }

    /** Whether this is one of the chunks that carry the data of a broadcast. */
    public boolean isBroadcast() {
        return id >= 20 && id <= 23 || this == BROADCAST_BUNDLE || hasHeaders();
    }

    /** Whether this begins a message with headers, which come first. In a bundle, each message says that for itself. */
    public boolean hasHeaders() {
        return this == BROADCAST_MESSAGE_WITH_HEADERS || this == BROADCAST_FIRST_FRAGMENT_WITH_HEADERS;
    }

    /** The type of a chunk that is the same, but has no headers. */
    public ChunkType withoutHeaders() {
        return switch (this) {
            case BROADCAST_MESSAGE_WITH_HEADERS -> BROADCAST_MESSAGE;
            case BROADCAST_FIRST_FRAGMENT_WITH_HEADERS -> BROADCAST_FIRST_FRAGMENT;
            default -> this;
        };
    }

    /** Whether this is one of the chunks of a member's own stream, which are numbered for themselves. */
    public boolean isUplink() {
        return this == UPLINK || this == UPLINK_QUERY;
    }

    /** Whether fields of an {@link Extension} may follow its header. */
    boolean carriesExtension() {
        return switch (this) {
            case SESSION_JOIN,
                    SESSION_WELCOME,
                    SESSION_REFUSED,
                    SESSION_LEAVE,
                    GROUP_JOIN,
                    ANNOUNCEMENT_QUERY,
                    ANNOUNCEMENT -> true;
            default -> false;
        };
    }

    /** The type of the chunk at the position of a buffer that has one; {@code null} when there is no such type. */
    public static @Nullable ChunkType at(ByteBuffer chunk) {
        return of(chunk.get(chunk.position()));
    }

    static @Nullable ChunkType of(byte id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }
}
