package io.camure.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes chunks at the position of a big-endian buffer. */
public final class ChunkWriter {

    /** The bytes in front of the data of a broadcast chunk. */
    public static final int BROADCAST_HEADER_BYTES = ChunkType.BROADCAST_MESSAGE.minimumBytes();

    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private ChunkWriter() {}

    /** The number of missing members that fit into the smallest chunk of a session. */
    public static final int NAMED_MISSING = 16;

    /** The longest chunk but those that carry data: a BarrierBroken that names nodes of IPv6, by address and by name. */
    public static final int LONGEST_CONTROL_BYTES = ChunkType.BARRIER_BROKEN.minimumBytes()
            + Integer.BYTES
            + 2
            + NAMED_MISSING * (1 + 16 + Short.BYTES + 1 + NodeIdentity.NAME_BYTES);

    /** The most bytes of a GroupPending's reason, in UTF-8. */
    public static final int PENDING_REASON_BYTES = 400;

    /** The most bytes of the bitmap in a status report: a bit for each of 1024 chunks. */
    public static final int STATUS_BITMAP_BYTES = 128;

    /** In a path probe: it goes to the multicast address. */
    public static final int PATH_TO_GROUP = 1;

    /** In a path probe: a report is wanted of those that came before it. */
    public static final int PATH_ASKS = 2;

    /** The bytes in front of the data of a piece. */
    public static final int PIECE_HEADER_BYTES = ChunkType.BROADCAST_PIECE.minimumBytes();

    /** In the length of a message in a bundle: it has headers, which come first. No message is that long that shares a chunk. */
    public static final int BUNDLED_HEADERS = 0x8000;

    /** The bytes in front of each message in a bundle. */
    public static final int BUNDLED_LENGTH_BYTES = Short.BYTES;

    /** A chunk that is nothing but its id, such as SessionHeartbeat, or its id and an {@link Extension}. */
    public static void session(ByteBuffer target, ChunkType type) {
        target.put(type.id());
    }

    /**
     * @param chunkSizeBytes the largest datagram of the session
     * @param heartbeatIntervalNanos how long a member may be silent before it sends a heartbeat
     */
    public static void sessionWelcome(
            ByteBuffer target, InetSocketAddress multicastAddress, int chunkSizeBytes, long heartbeatIntervalNanos) {
        target.put(ChunkType.SESSION_WELCOME.id());
        putAddress(target, multicastAddress);
        target.putInt(0); // the IPv6 flow, which Java does not know
        // A scope is the number of an interface of one host, which means nothing to another.
        target.putInt(0);
        target.putShort((short) chunkSizeBytes);
        target.putLong(heartbeatIntervalNanos);
    }

    private static void putAddress(ByteBuffer target, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        if (ip.length == 4) {
            target.put(IPV4_MAPPED);
        }
        target.put(ip).putShort((short) address.getPort());
    }

    /** Adds to the {@link Extension} of a SessionWelcome where group traffic comes from; nothing if that is not said. */
    public static void groupSources(ByteBuffer target, List<InetSocketAddress> addresses) {
        if (!addresses.isEmpty()) {
            AddressList.write(target, addresses);
        }
    }

    /** @param address where the coordinator is to be asked; a wildcard for the address that this comes from, and the port */
    public static void announcement(ByteBuffer target, InetSocketAddress address) {
        target.put(ChunkType.ANNOUNCEMENT.id());
        putAddress(target, address);
    }

    /** @param number one more than that of the probe before */
    public static void multicastProbe(ByteBuffer target, int number) {
        target.put(ChunkType.MULTICAST_PROBE.id()).putInt(number);
    }

    /**
     * @param type EchoRequest or EchoAnswer
     * @param number tells an answer which request it belongs to
     */
    public static void echo(ByteBuffer target, ChunkType type, int number, EchoFlag... flags) {
        int mask = 0;
        for (EchoFlag flag : flags) {
            mask |= flag.mask();
        }
        target.put(type.id()).putInt(number).put((byte) mask);
    }

    /**
     * @param round the number that the probes of a round have in common
     * @param flags {@link #PATH_TO_GROUP}, {@link #PATH_ASKS} or 0
     */
    public static void pathProbe(ByteBuffer target, int round, int flags) {
        target.put(ChunkType.PATH_PROBE.id()).putInt(round).put((byte) flags);
    }

    public static void groupJoin(ByteBuffer target, int group, GroupType type) {
        target.put(ChunkType.GROUP_JOIN.id()).putShort((short) group).put((byte) type.wireValue());
    }

    /** Asks which id a group has; its name is in the {@link Extension} that follows. */
    public static void groupJoinByName(ByteBuffer target, GroupType type) {
        target.put(ChunkType.GROUP_JOIN.id()).putShort((short) 0).put((byte) (ChunkReader.BY_NAME | type.wireValue()));
    }

    /**
     * @param resolved whether {@code group} is the id of the group that was asked for by its name
     * @param reason why the node is not in the group yet: as much as fits into {@value #PENDING_REASON_BYTES} bytes is written
     */
    public static void groupPending(ByteBuffer target, int group, int membership, boolean resolved, String reason) {
        target.put(ChunkType.GROUP_PENDING.id())
                .putShort((short) group)
                .putInt(membership)
                .put((byte) (resolved ? 1 : 0))
                .put(WireText.utf8(reason, PENDING_REASON_BYTES));
    }

    /** @param membership which one ends, or 0 for a coordinator that does not know of such numbers */
    public static void groupLeave(ByteBuffer target, int group, int membership) {
        target.put(ChunkType.GROUP_LEAVE.id()).putShort((short) group);
        putMembership(target, membership);
    }

    private static void putMembership(ByteBuffer target, int membership) {
        if (membership != 0) {
            target.putInt(membership);
        }
    }

    /**
     * @param reason a short text for people, without a zero; empty when the group was closed
     * @param membership which one has ended, or 0 for a member that does not know of such numbers
     */
    public static void groupDisconnected(ByteBuffer target, int group, String reason, int membership) {
        target.put(ChunkType.GROUP_DISCONNECTED.id()).putShort((short) group);
        target.put(reason.getBytes(StandardCharsets.UTF_8));
        if (membership != 0) {
            target.put((byte) 0).putInt(membership);
        }
    }

    /** A chunk of a group and a sequence number: welcome, ack, reached, released, or the header of a broadcast chunk. */
    public static void sequenced(ByteBuffer target, ChunkType type, int group, long sequence) {
        target.put(type.id()).putShort((short) group).putShort((short) sequence);
    }

    /**
     * The header of a broadcast chunk that only negotiated peers get.
     *
     * @param type what is behind the header
     * @param epoch the same as in the welcome
     */
    public static void tagged(ByteBuffer target, ChunkType type, int group, long sequence, int epoch) {
        sequenced(target, ChunkType.BROADCAST_TAGGED, group, sequence);
        target.putInt(epoch).put(type.id());
    }

    /**
     * The header of a part of a broadcast chunk.
     *
     * @param wholeBytes the length of that chunk, its header included
     * @param offset how many of its bytes are in front of the part
     */
    public static void piece(ByteBuffer target, int group, long sequence, int epoch, int wholeBytes, int offset) {
        sequenced(target, ChunkType.BROADCAST_PIECE, group, sequence);
        target.putInt(epoch).putShort((short) wholeBytes).putShort((short) offset);
    }

    /**
     * Acknowledges a welcome, marked behind the header, where legacy peers don't look, by the id of what it acknowledges.
     *
     * @param membership the same as in the welcome, or 0 if that has none
     */
    public static void welcomeAck(ByteBuffer target, int group, long sequence, int membership) {
        sequenced(target, ChunkType.GROUP_ACK, group, sequence);
        target.put(ChunkType.GROUP_WELCOME.id());
        putMembership(target, membership);
    }

    /**
     * @param epoch tells this group from others with its id, also of other incarnations of the coordinator; behind the header,
     *     where legacy peers don't look
     * @param memberId what the coordinator calls the member, so that an earlier one at its address can be told from it
     * @param membership the same as in the GroupJoin that is answered, or 0 if that has none
     */
    public static void groupWelcome(
            ByteBuffer target, int group, long sequence, int epoch, int memberId, int membership) {
        sequenced(target, ChunkType.GROUP_WELCOME, group, sequence);
        target.putInt(epoch).putShort((short) memberId);
        putMembership(target, membership);
    }

    /** Adds to a GroupWelcome with a membership which incarnation of the coordinator it is of. */
    public static void welcomingIncarnation(ByteBuffer target, long incarnation) {
        target.putLong(incarnation);
    }

    /**
     * Acknowledges a chunk other than a welcome, between negotiated peers.
     *
     * @param acknowledged the type of what is acknowledged
     * @param delayMicros how long ago that arrived, or -1 when that is not told
     * @param membership of the member that acknowledges or is acknowledged
     */
    public static void ack(
            ByteBuffer target, int group, long sequence, ChunkType acknowledged, long delayMicros, int membership) {
        sequenced(target, ChunkType.GROUP_ACK, group, sequence);
        target.put(acknowledged.id());
        putDelay(target, delayMicros);
        target.putInt(membership);
    }

    /**
     * @param delayMicros how long ago the end of the round before arrived, or -1 when this does not acknowledge it
     * @param membership of the member
     */
    public static void barrierReached(ByteBuffer target, int group, long round, long delayMicros, int membership) {
        sequenced(target, ChunkType.BARRIER_REACHED, group, round);
        putDelay(target, delayMicros);
        target.putInt(membership);
    }

    private static void putDelay(ByteBuffer target, long micros) {
        target.putInt(micros < 0 ? ChunkReader.NO_DELAY : saturated(micros));
    }

    private static int saturated(long micros) {
        return (int) Math.min(micros, 0xFFFF_FFFEL);
    }

    /**
     * @param participants how many took part in the round, the coordinator included: 1…65535; behind the header, where legacy
     *     peers don't look
     * @param epoch the same as in the welcome
     * @param lastArrived the id of the member that arrived last, or 0 for the coordinator
     */
    public static void barrierReleased(
            ByteBuffer target, int group, long round, int participants, int epoch, int lastArrived) {
        sequenced(target, ChunkType.BARRIER_RELEASED, group, round);
        target.putShort((short) Math.min(participants, 0xFFFF)).putInt(epoch).putShort((short) lastArrived);
    }

    /**
     * @param epoch the same as in the welcome
     * @param cause why: 0…255
     * @param missing who had not arrived; the first {@value #NAMED_MISSING} are written, and behind their addresses, where
     *     earlier builds don't look, as many of their names as there is room for
     * @param chunkBytes the largest chunk
     */
    public static void barrierBroken(
            ByteBuffer target,
            int group,
            long round,
            int epoch,
            int cause,
            List<NodeIdentity> missing,
            int chunkBytes) {
        int start = target.position();
        sequenced(target, ChunkType.BARRIER_BROKEN, group, round);
        int count = Math.min(missing.size(), NAMED_MISSING);
        target.putInt(epoch).put((byte) cause).put((byte) count);
        for (int i = 0; i < count; i++) {
            InetSocketAddress address = missing.get(i).address();
            byte[] ip = address.getAddress().getAddress();
            target.put((byte) ip.length).put(ip).putShort((short) address.getPort());
        }
        int end = start + chunkBytes;
        for (int i = 0; i < count && target.position() < end; i++) {
            byte[] name = WireText.utf8(missing.get(i).name(), NodeIdentity.NAME_BYTES);
            int room = target.position() + 1 + name.length <= end ? name.length : 0;
            target.put((byte) room).put(name, 0, room);
        }
    }

    /**
     * @param end the first chunk that was not sent
     * @param epoch the same as in the welcome
     */
    public static void broadcastQuery(ByteBuffer target, int group, long end, int epoch) {
        query(target, StreamDirection.DOWN, group, end, epoch);
    }

    /** @param tag the epoch or the membership, as the direction wants it */
    public static void query(ByteBuffer target, StreamDirection direction, int group, long end, int tag) {
        sequenced(target, direction.query(), group, end);
        target.putInt(tag);
    }

    /**
     * The fixed part of a status report; a bitmap of what was received behind the first missing chunk follows, the highest bit of
     * each byte first.
     *
     * @param firstMissing the first chunk that was not received
     * @param end the first chunk of which the receiver does not know whether it was sent
     * @param room how many chunks from the first missing one on it can take: 0…65535
     * @param newest the chunk that arrived last
     * @param delayMicros how long ago that was
     * @param membership of the member
     */
    public static void broadcastStatus(
            ByteBuffer target,
            int group,
            long firstMissing,
            long end,
            int room,
            long newest,
            long delayMicros,
            int membership) {
        sequenced(target, ChunkType.BROADCAST_STATUS, group, firstMissing);
        target.putShort((short) end).putShort((short) room).putShort((short) newest);
        target.putInt(saturated(delayMicros)).putInt(membership);
    }

    /** Adds to a status report, behind its bitmap, the epoch that the receiver has heard. */
    public static void statusEpoch(ByteBuffer target, int epoch) {
        target.putInt(epoch);
    }
}
