package io.camure.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view of the chunk in a datagram. One reader is used for datagram after datagram, so that reading allocates nothing.
 *
 * <p>{@link #read} checks all that is fixed; the accessors of a type may be called once it returned {@code null}.
 */
public final class ChunkReader {

    /** In place of a delay, where there is none. */
    static final int NO_DELAY = -1;

    /** In the type of a GroupJoin that has a name in place of an id. No earlier build takes such a type. */
    static final int BY_NAME = 0x80;

    private static final int ADDRESS_BYTES = 16;
    private static final int LONGEST_EXTENSION_BYTES = 400;
    private static final int STATUS_MEMBERSHIP = 15;
    private static final int PENDING_MEMBERSHIP = 3;
    private static final int PENDING_FLAGS = 7;
    private static final int TAGGED_EPOCH = 5;

    private static final int TAGGED_TYPE = 9;
    private static final int WELCOME_PORT = 17;
    private static final int WELCOME_CHUNK_SIZE = 27;
    private static final int WELCOME_HEARTBEAT = 29;

    private ByteBuffer datagram = ByteBuffer.allocate(0);
    private ChunkType type = ChunkType.SESSION_JOIN;
    private @Nullable Extension extension;
    private int start;

    /** The bytes in front of the payload. */
    private int headerBytes;

    private boolean tagged;

    /**
     * Looks at the chunk between the position and the limit of a buffer, which must stay unchanged while it is read.
     *
     * @return why it can't be read, or {@code null} when it can
     */
    public @Nullable DropReason read(ByteBuffer buffer) {
        datagram = buffer;
        start = buffer.position();
        int length = buffer.remaining();
        if (length == 0) {
            return DropReason.EMPTY;
        }
        ChunkType found = ChunkType.of(buffer.get(start));
        if (found == null) {
            return DropReason.UNKNOWN_CHUNK;
        }
        type = found;
        headerBytes = found.minimumBytes();
        if (length < headerBytes) {
            return DropReason.TRUNCATED;
        }
        tagged = found == ChunkType.BROADCAST_TAGGED || found == ChunkType.BROADCAST_NONCED;
        if (tagged) {
            ChunkType inner = ChunkType.of(buffer.get(start + TAGGED_TYPE));
            if (inner == null || !inner.isBroadcast()) {
                return DropReason.BAD_FIELD;
            }
            type = inner;
        }
        extension = null;
        if (length > found.minimumBytes() && found.carriesExtension()) {
            if (length > found.minimumBytes() + LONGEST_EXTENSION_BYTES) {
                return DropReason.OVERSIZED;
            }
            extension = Extension.read(datagram.slice(start + found.minimumBytes(), length - found.minimumBytes()));
            if (extension == null) {
                return DropReason.BAD_FIELD;
            }
        }
        if (found == ChunkType.GROUP_JOIN && !hasGroupType()) {
            return DropReason.BAD_FIELD;
        }
        return null;
    }

    /** One that asks by name has to have a name. */
    private boolean hasGroupType() {
        Extension said = extension;
        boolean named = said != null && !said.groupName().isEmpty();
        return GroupType.of(datagram.get(start + 3) & 0xFF & ~BY_NAME) != null && (named || !asksByName());
    }

    /** What the sender of a session chunk or GroupJoin says of itself; {@code null} from a legacy peer. */
    public @Nullable Extension extension() {
        return extension;
    }

    public ChunkType type() {
        return type;
    }

    /** The group of a group, broadcast or barrier chunk: 0…65535. */
    public int group() {
        return datagram.getShort(start + 1) & 0xFFFF;
    }

    /** The sequence number of a chunk that has one: 0…65535. */
    public int sequence() {
        return datagram.getShort(start + 3) & 0xFFFF;
    }

    /** The group type in a GroupJoin. */
    public GroupType groupType() {
        GroupType groupType = GroupType.of(datagram.get(start + 3) & 0xFF & ~BY_NAME);
        if (groupType == null) {
            throw new IllegalStateException("no GroupJoin with a known type was read");
        }
        return groupType;
    }

    /** Whether a GroupJoin asks for the id of the group that it names, in place of being admitted to the one with its id. */
    public boolean asksByName() {
        return (datagram.get(start + 3) & BY_NAME) != 0;
    }

    /** In a GroupPending, whether it tells the id of the group that was asked for by its name. */
    public boolean tellsId() {
        return datagram.get(start + PENDING_FLAGS) == 1;
    }

    /** In a GroupPending, why the node is not in the group yet; fit to be printed. */
    public String pendingReason() {
        ByteBuffer text = datagram.slice(start + headerBytes, payloadBytes());
        return WireText.printable(WireText.read(text, text.remaining(), ChunkWriter.PENDING_REASON_BYTES));
    }

    /** The bytes of the datagram. */
    public int lengthBytes() {
        return datagram.limit() - start;
    }

    /** The bytes behind the header. */
    public int payloadBytes() {
        return lengthBytes() - headerBytes;
    }

    /** Copies what is behind the header to {@code target} from {@code offset} on. */
    public void copyPayload(byte[] target, int offset) {
        datagram.get(start + headerBytes, target, offset, payloadBytes());
    }

    /** The number of participants of the round in a BarrierReleased; 0 from a legacy coordinator, which does not tell it. */
    public int participants() {
        return payloadBytes() < Short.BYTES ? 0 : datagram.getShort(start + type.minimumBytes()) & 0xFFFF;
    }

    /**
     * The epoch of the group in a GroupWelcome, the end of a round, and a query, tagged chunk or piece of a broadcast; -1 from a
     * legacy coordinator, which does not tell it.
     */
    public long epoch() {
        if (tagged || type == ChunkType.BROADCAST_PIECE) {
            return Integer.toUnsignedLong(datagram.getInt(start + TAGGED_EPOCH));
        }
        int offset = switch (type) {
            case GROUP_WELCOME, BARRIER_BROKEN, BROADCAST_QUERY, COLLECTIVE_BROKEN, COLLECTIVE_ROSTER -> 0;
            case BARRIER_RELEASED, COLLECTIVE_RELEASED -> Short.BYTES;
            default -> lengthBytes();
        };
        return payloadBytes() < offset + Integer.BYTES
                ? -1
                : Integer.toUnsignedLong(datagram.getInt(start + headerBytes + offset));
    }

    /** In a GroupWelcome, what the coordinator calls the member; 0 without it. */
    public int welcomedMember() {
        return payloadBytes() < Integer.BYTES + Short.BYTES
                ? 0
                : datagram.getShort(start + type.minimumBytes() + Integer.BYTES) & 0xFFFF;
    }

    /** In a GroupWelcome, which incarnation of the coordinator it is of; 0 without it. */
    public long welcomingIncarnation() {
        int offset = 2 * Integer.BYTES + Short.BYTES;
        return payloadBytes() < offset + Long.BYTES ? 0 : datagram.getLong(start + headerBytes + offset);
    }

    /**
     * Whether a GroupAck is marked as that of a GroupWelcome, as negotiated peers do; an unmarked one may be either.
     */
    public boolean acknowledgesWelcome() {
        return payloadBytes() > 0 && datagram.get(start + type.minimumBytes()) == ChunkType.GROUP_WELCOME.id();
    }

    /** In a BarrierReleased, which member arrived last; 0 when it was the coordinator or is not told. */
    public int lastArrived() {
        int offset = Short.BYTES + Integer.BYTES;
        return payloadBytes() < offset + Short.BYTES
                ? 0
                : datagram.getShort(start + type.minimumBytes() + offset) & 0xFFFF;
    }

    /**
     * How long the sender of a BarrierReached or GroupAck has had what it answers, in microseconds; -1 when it does not say.
     */
    public long delayMicros() {
        // A GroupAck says first what it acknowledges.
        int offset = type == ChunkType.GROUP_ACK ? 1 : 0;
        if (payloadBytes() < offset + Integer.BYTES || type == ChunkType.GROUP_ACK && acknowledgesWelcome()) {
            return -1;
        }
        int delay = datagram.getInt(start + type.minimumBytes() + offset);
        return delay == NO_DELAY ? -1 : Integer.toUnsignedLong(delay);
    }

    /**
     * The membership that a chunk belongs to, by the number that the member has given to it in its GroupJoin. 0 when the chunk
     * does not say, such as one of a legacy peer or one that is for everyone in the group.
     */
    public int membership() {
        return switch (type) {
            case GROUP_JOIN -> {
                Extension said = extension;
                yield said == null ? 0 : said.membership();
            }
            case GROUP_LEAVE -> intOrZero(0);
            case GROUP_WELCOME -> intOrZero(Integer.BYTES + Short.BYTES);
            case GROUP_ACK -> intOrZero(acknowledgesWelcome() ? 1 : 1 + Integer.BYTES);
            case BARRIER_REACHED, COLLECTIVE_REACHED -> intOrZero(Integer.BYTES);
            case UPLINK, UPLINK_QUERY -> datagram.getInt(start + TAGGED_EPOCH);
            case BROADCAST_STATUS -> datagram.getInt(start + STATUS_MEMBERSHIP);
            case GROUP_PENDING -> datagram.getInt(start + PENDING_MEMBERSHIP);
            case GROUP_DISCONNECTED -> {
                int textBytes = reasonBytes();
                yield textBytes == payloadBytes() ? 0 : intOrZero(textBytes + 1);
            }
            default -> 0;
        };
    }

    int intOrZero(int offset) {
        return payloadBytes() < offset + Integer.BYTES ? 0 : datagram.getInt(start + headerBytes + offset);
    }

    /** The number of a MulticastProbe, EchoRequest or EchoAnswer, or of the round of a PathProbe. */
    public int number() {
        return datagram.getInt(start + 1);
    }

    /** Whether an EchoRequest asks for something, or an EchoAnswer was asked for it. */
    public boolean isSet(EchoFlag flag) {
        return (datagram.get(start + 5) & flag.mask()) != 0;
    }

    int byteAt(int offset) {
        return datagram.get(start + offset) & 0xFF;
    }

    /** Copies so many bytes from an offset on. */
    void copy(int offset, byte[] target, int bytes) {
        datagram.get(start + offset, target, 0, bytes);
    }

    long longAt(int offset) {
        return datagram.getLong(start + offset);
    }

    /** In a BroadcastStatus, the first chunk of which the receiver does not know whether it was sent. */
    public int statusEnd() {
        return datagram.getShort(start + 5) & 0xFFFF;
    }

    /** In a BroadcastStatus, how many chunks from the first missing one on the receiver can take. */
    public int statusRoom() {
        return datagram.getShort(start + 7) & 0xFFFF;
    }

    /** In a BroadcastStatus, the chunk that arrived last. */
    public int statusNewest() {
        return datagram.getShort(start + 9) & 0xFFFF;
    }

    /** In a BroadcastStatus, how long ago that was, in microseconds. */
    public long statusDelayMicros() {
        return Integer.toUnsignedLong(datagram.getInt(start + 11));
    }

    /** In a BroadcastStatus, whether the receiver has the chunk at a distance behind the first missing one: from 1 on. */
    public boolean statusHas(int distance) {
        return StatusBitmap.has(datagram, start + headerBytes, distance);
    }

    /** In a BroadcastStatus, the epoch that the receiver has heard; 0 without it. */
    public int statusEpoch() {
        return intOrZero(StatusBitmap.bytes(sequence(), statusEnd()));
    }

    /** Why a round was broken: 0…255. */
    public int brokenCause() {
        return payloadBytes() <= Integer.BYTES ? 0 : datagram.get(start + type.minimumBytes() + Integer.BYTES) & 0xFF;
    }

    /** In a BarrierBroken, who had not arrived, as far as it can be read; their names where they were told. */
    public List<NodeIdentity> missingMembers() {
        return MissingMembers.read(datagram.slice(start + type.minimumBytes(), payloadBytes()));
    }

    /** The reason text of a GroupDisconnected; empty when the coordinator gave none. */
    public String reason() {
        ByteBuffer text = datagram.slice(start + type.minimumBytes(), reasonBytes());
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    /** Up to the zero behind which a negotiated coordinator says which membership has ended. */
    private int reasonBytes() {
        int bytes = 0;
        while (bytes < payloadBytes() && datagram.get(start + headerBytes + bytes) != 0) {
            bytes++;
        }
        return bytes;
    }

    /** What is behind the header: in a SessionWelcome, the extension fields. */
    ByteBuffer fields() {
        return datagram.slice(start + headerBytes, payloadBytes());
    }

    /** The multicast address in a SessionWelcome, in an Announcement that of the coordinator; an IPv4-mapped one as IPv4. */
    public InetSocketAddress multicastAddress() {
        byte[] ip = new byte[ADDRESS_BYTES];
        datagram.get(start + 1, ip);
        // The scope is left out: it is the number of an interface of the coordinator's host.
        return MissingMembers.socketAddress(ip, datagram.getShort(start + WELCOME_PORT) & 0xFFFF);
    }

    /** The chunk size in a SessionWelcome, in bytes: 0…65535. */
    public int chunkSizeBytes() {
        return datagram.getShort(start + WELCOME_CHUNK_SIZE) & 0xFFFF;
    }

    /** The heartbeat interval in a SessionWelcome; negative when the unsigned 64 bits exceed a {@code long}. */
    public long heartbeatIntervalNanos() {
        return datagram.getLong(start + WELCOME_HEARTBEAT);
    }
}
