package io.camure.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What nodes say of themselves behind a SessionJoin, a GroupJoin, a SessionWelcome and a SessionLeave, where legacy
 * peers do not look: fields of a type (u8), a length (u8) and a value. Unknown fields are passed over, so that later versions can add some.
 *
 * @param lowestVersion of the protocol that the node speaks, or that was agreed: 1…255; protocol 0.1 is 1
 * @param highestVersion of the protocol that the node speaks, or that was agreed
 * @param capabilities the bits of {@link Capability}
 * @param windowChunks how many chunks of a broadcast the node keeps for a reader: 0…65535
 * @param receiveBufferBytes the node's socket buffer
 * @param incarnation tells this incarnation of the node from others, also at the same address; 0 when it does not say
 * @param memberId what the coordinator calls the member, 1…65535; 0 in a join
 * @param membership the number that the member gives to its membership in the group; 0 in other chunks than a GroupJoin
 * @param name what the node calls itself, fit to be printed when it was read; empty when it does not say. Of a long one, as many
 *     characters are written as fit into {@value NodeIdentity#NAME_BYTES} bytes
 * @param sessionName which session the node wants to be in, or coordinates; empty for one without a name, and when it does not say
 * @param groupName what the member calls the group that it wants to join, as {@code name}; empty in other chunks than a GroupJoin
 * @param delivery what the coordinator does about group traffic; {@code MULTICAST} when it does not say
 * @param heardProbe the probe by multicast that the member heard last; 0 when it has heard none
 * @param echo the incarnation of the member that is answered; 0 in what a member says, and from a coordinator that does not tell
 * @param token what the coordinator has a node say that joins, and what the node says then
 * @param path which datagrams get to the member
 */
public record Extension(
        int lowestVersion,
        int highestVersion,
        int capabilities,
        int windowChunks,
        int receiveBufferBytes,
        long incarnation,
        int memberId,
        int membership,
        String name,
        String sessionName,
        String groupName,
        GroupDelivery delivery,
        int heardProbe,
        long echo,
        JoinToken token,
        PathReport path) {

    /** The version that this implementation speaks beside 0.1. */
    public static final int VERSION = 2;

    private static final int VERSIONS_FIELD = 1;
    private static final int CAPABILITIES_FIELD = 2;
    private static final int LIMITS_FIELD = 3;
    private static final int INCARNATION_FIELD = 4;
    private static final int MEMBER_ID_FIELD = 5;
    private static final int MEMBERSHIP_FIELD = 6;
    private static final int NAME_FIELD = 7;
    private static final int GROUP_NAME_FIELD = 8;
    private static final int DELIVERY_FIELD = 9;
    private static final int HEARD_PROBE_FIELD = 10;
    private static final int SESSION_NAME_FIELD = 11;
    private static final int ECHO_FIELD = 14;
    private static final int TOKEN_FIELD = 16;
    private static final int PADDING_FIELD = 17;

    /** A member's offer. */
    public static Extension offer(int capabilities, int windowChunks, int receiveBufferBytes, long incarnation) {
        return answer(capabilities, windowChunks, receiveBufferBytes, incarnation, GroupDelivery.MULTICAST);
    }

    /** A coordinator's answer. */
    public static Extension answer(
            int capabilities, int windowChunks, int receiveBufferBytes, long incarnation, GroupDelivery delivery) {
        return new Extension(
                VERSION,
                VERSION,
                capabilities,
                windowChunks,
                receiveBufferBytes,
                incarnation,
                0,
                0,
                "",
                "",
                "",
                delivery,
                0,
                0,
                JoinToken.NONE,
                PathReport.NONE);
    }

    /** The same, with what the coordinator calls the member. */
    public Extension withMemberId(int id) {
        return with(id, membership, name, sessionName, groupName, heardProbe, echo, token, path);
    }

    /** The same, with the number of a membership. */
    public Extension withMembership(int number) {
        return with(memberId, number, name, sessionName, groupName, heardProbe, echo, token, path);
    }

    /** The same, with what the node calls the group that it wants to join. */
    public Extension withGroupName(String itsName) {
        return with(memberId, membership, name, sessionName, itsName, heardProbe, echo, token, path);
    }

    /** The same, with what the node calls itself. */
    public Extension withName(String itsName) {
        return with(memberId, membership, itsName, sessionName, groupName, heardProbe, echo, token, path);
    }

    /** The same, with the name of a session. */
    public Extension withSessionName(String itsSession) {
        return with(memberId, membership, name, itsSession, groupName, heardProbe, echo, token, path);
    }

    /** The same, with the probe by multicast that was heard last. */
    public Extension withHeardProbe(int number) {
        return with(memberId, membership, name, sessionName, groupName, number, echo, token, path);
    }

    /** The same, for the incarnation of a member that is answered. */
    public Extension withEcho(long itsIncarnation) {
        return with(memberId, membership, name, sessionName, groupName, heardProbe, itsIncarnation, token, path);
    }

    /** The same, with what proves the address of a node. */
    public Extension withToken(JoinToken itsToken) {
        return with(memberId, membership, name, sessionName, groupName, heardProbe, echo, itsToken, path);
    }

    /** The same, with which datagrams get to the member. */
    public Extension withPath(PathReport report) {
        return with(memberId, membership, name, sessionName, groupName, heardProbe, echo, token, report);
    }

    private Extension with(
            int newMemberId,
            int newMembership,
            String newName,
            String newSessionName,
            String newGroupName,
            int newHeardProbe,
            long newEcho,
            JoinToken newToken,
            PathReport newPath) {
        return new Extension(
                lowestVersion,
                highestVersion,
                capabilities,
                windowChunks,
                receiveBufferBytes,
                incarnation,
                newMemberId,
                newMembership,
                newName,
                newSessionName,
                newGroupName,
                delivery,
                newHeardProbe,
                newEcho,
                newToken,
                newPath);
    }

    /** Whether this implementation speaks one of the versions. */
    public boolean isUnderstood() {
        return lowestVersion <= VERSION && VERSION <= highestVersion;
    }

    /**
     * Reads the fields in a buffer from its position to its limit.
     *
     * @return {@code null} when they are broken or say no version
     */
    static @Nullable Extension read(ByteBuffer source) {
        Fields fields = new Fields();
        while (source.hasRemaining()) {
            if (source.remaining() < 2) {
                return null;
            }
            int type = source.get() & 0xFF;
            int length = source.get() & 0xFF;
            int start = source.position();
            // A longer field than is known has something added behind, a shorter one is broken.
            if (source.remaining() < length || length < minimumBytes(type)) {
                return null;
            }
            fields.take(type, length, source);
            source.position(start + length);
        }
        return fields.lowest == 0 || fields.highest < fields.lowest ? null : fields.extension();
    }

    /** The fields that were read so far; those that were not are 0. */
    private static final class Fields {

        private int lowest;
        private int highest;
        private int capabilities;
        private int window;
        private int buffer;
        private long incarnation;
        private int memberId;
        private int membership;
        private String name = "";
        private String groupName = "";
        private String sessionName = "";
        private GroupDelivery delivery = GroupDelivery.MULTICAST;
        private int heardProbe;
        private long echo;
        private JoinToken token = JoinToken.NONE;
        private PathReport path = PathReport.NONE;

        void take(int type, int length, ByteBuffer source) {
            switch (type) {
                case VERSIONS_FIELD -> {
                    lowest = source.get() & 0xFF;
                    highest = source.get() & 0xFF;
                }
                case CAPABILITIES_FIELD -> capabilities = source.getInt();
                case LIMITS_FIELD -> {
                    window = source.getShort() & 0xFFFF;
                    buffer = Math.max(0, source.getInt());
                }
                case INCARNATION_FIELD -> incarnation = source.getLong();
                case MEMBER_ID_FIELD -> memberId = source.getShort() & 0xFFFF;
                case MEMBERSHIP_FIELD -> membership = source.getInt();
                case NAME_FIELD -> name = readName(source, length);
                case GROUP_NAME_FIELD -> groupName = readName(source, length);
                case SESSION_NAME_FIELD -> sessionName = readName(source, length);
                case DELIVERY_FIELD -> delivery = GroupDelivery.of(source.get());
                case HEARD_PROBE_FIELD -> heardProbe = source.getInt();
                case ECHO_FIELD -> echo = source.getLong();
                case PathReport.INTERFACE_FIELD, PathReport.ROUND_FIELD -> path = path.with(type, source);
                case TOKEN_FIELD -> token = new JoinToken(source.getLong(), source.getLong());
                default -> {}
            }
        }

        Extension extension() {
            return new Extension(
                    lowest,
                    highest,
                    capabilities,
                    window,
                    buffer,
                    incarnation,
                    memberId,
                    membership,
                    name,
                    sessionName,
                    groupName,
                    delivery,
                    heardProbe,
                    echo,
                    token,
                    path);
        }
    }

    /** A name in UTF-8 of so many bytes. */
    static String readName(ByteBuffer source, int bytes) {
        return WireText.printable(WireText.read(source, bytes, NodeIdentity.NAME_BYTES))
                .strip();
    }

    private static int minimumBytes(int type) {
        return switch (type) {
            case DELIVERY_FIELD -> 1;
            case VERSIONS_FIELD, MEMBER_ID_FIELD, PathReport.INTERFACE_FIELD -> 2;
            case CAPABILITIES_FIELD, MEMBERSHIP_FIELD, HEARD_PROBE_FIELD -> 4;
            case LIMITS_FIELD -> 6;
            case INCARNATION_FIELD, ECHO_FIELD -> 8;
            case PathReport.ROUND_FIELD -> PathReport.ROUND_BYTES;
            case TOKEN_FIELD -> JoinToken.BYTES;
            default -> 0;
        };
    }

    /** Writes the fields, those behind the limits only when they are set. */
    public void write(ByteBuffer target) {
        writeVersions(target, lowestVersion, highestVersion, 0);
        target.put((byte) CAPABILITIES_FIELD).put((byte) 4).putInt(capabilities);
        target.put((byte) LIMITS_FIELD)
                .put((byte) 6)
                .putShort((short) windowChunks)
                .putInt(receiveBufferBytes);
        if (incarnation != 0) {
            target.put((byte) INCARNATION_FIELD).put((byte) 8).putLong(incarnation);
        }
        if (memberId != 0) {
            target.put((byte) MEMBER_ID_FIELD).put((byte) 2).putShort((short) memberId);
        }
        if (membership != 0) {
            target.put((byte) MEMBERSHIP_FIELD).put((byte) 4).putInt(membership);
        }
        writeName(target, NAME_FIELD, name);
        writeName(target, GROUP_NAME_FIELD, groupName);
        writeName(target, SESSION_NAME_FIELD, sessionName);
        if (delivery != GroupDelivery.MULTICAST) {
            target.put((byte) DELIVERY_FIELD).put((byte) 1).put(delivery.wireValue());
        }
        if (heardProbe != 0) {
            target.put((byte) HEARD_PROBE_FIELD).put((byte) 4).putInt(heardProbe);
        }
        if (echo != 0) {
            target.put((byte) ECHO_FIELD).put((byte) 8).putLong(echo);
        }
        if (!token.equals(JoinToken.NONE)) {
            target.put((byte) TOKEN_FIELD).put((byte) JoinToken.BYTES);
            target.putLong(token.upper()).putLong(token.lower());
        }
        path.write(target);
    }

    /** Writes only versions and whom they are told, which is what is said to a node that speaks none of them. */
    public static void writeVersions(ByteBuffer target, int lowest, int highest, long echo) {
        target.put((byte) VERSIONS_FIELD).put((byte) 2).put((byte) lowest).put((byte) highest);
        if (echo != 0) {
            target.put((byte) ECHO_FIELD).put((byte) 8).putLong(echo);
        }
    }

    /** Fills a chunk up behind its fields until it has so many bytes, or one more, with what every reader passes over. */
    public static void pad(ByteBuffer chunk, int bytes) {
        if (chunk.position() < bytes) {
            int padding = Math.max(0, bytes - chunk.position() - 2);
            chunk.put((byte) PADDING_FIELD).put((byte) padding);
            for (int i = 0; i < padding; i++) {
                chunk.put((byte) 0);
            }
        }
    }

    private static void writeName(ByteBuffer target, int field, String name) {
        if (!name.isEmpty()) {
            byte[] text = WireText.utf8(name, NodeIdentity.NAME_BYTES);
            target.put((byte) field).put((byte) text.length).put(text);
        }
    }
}
