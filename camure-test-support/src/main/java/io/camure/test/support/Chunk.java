package io.camure.test.support;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A datagram of protocol 0.1, built and read without the codec under test.
 *
 * @param hex all of its bytes
 */
public record Chunk(String hex) {

    public static final int BROADCAST = 0;
    public static final int BARRIER = 1;

    public static final int SESSION_WELCOME_ID = 1;
    public static final int GROUP_JOIN_ID = 10;
    public static final int GROUP_WELCOME_ID = 11;
    public static final int GROUP_ACK_ID = 12;
    public static final int GROUP_LEAVE_ID = 13;
    public static final int GROUP_DISCONNECTED_ID = 14;
    public static final int MESSAGE_ID = 20;
    public static final int FIRST_FRAGMENT_ID = 21;
    public static final int FRAGMENT_ID = 22;
    public static final int FINAL_FRAGMENT_ID = 23;
    public static final int REACHED_ID = 30;
    public static final int RELEASED_ID = 31;

    public static final Chunk SESSION_JOIN = new Chunk("00");
    public static final Chunk HEARTBEAT = new Chunk("02");

    public static Chunk of(byte[] datagram) {
        return new Chunk(HexFormat.of().formatHex(datagram));
    }

    public static Chunk sessionWelcome(InetSocketAddress multicastAddress, int chunkSize, long heartbeatNanos) {
        byte[] ip = multicastAddress.getAddress().getAddress();
        return new Chunk("01" + (ip.length == 4 ? "0".repeat(20) + "ffff" : "")
                + HexFormat.of().formatHex(ip)
                + String.format("%04x%08x%08x%04x%016x", multicastAddress.getPort(), 0, 0, chunkSize, heartbeatNanos));
    }

    public static Chunk groupJoin(int group, int type) {
        return new Chunk(String.format("0a%04x%02x", group, type));
    }

    public static Chunk groupWelcome(int group, int sequence) {
        return sequenced(GROUP_WELCOME_ID, group, sequence);
    }

    public static Chunk ack(int group, int sequence) {
        return sequenced(GROUP_ACK_ID, group, sequence);
    }

    public static Chunk leave(int group) {
        return new Chunk(String.format("0d%04x", group));
    }

    public static Chunk disconnected(int group, String reason) {
        return new Chunk(
                String.format("0e%04x", group) + HexFormat.of().formatHex(reason.getBytes(StandardCharsets.US_ASCII)));
    }

    public static Chunk message(int group, int sequence, byte... payload) {
        return data(MESSAGE_ID, group, sequence, payload);
    }

    /** One of the four chunks that carry data. */
    public static Chunk data(int id, int group, int sequence, byte... payload) {
        return new Chunk(sequenced(id, group, sequence).hex + HexFormat.of().formatHex(payload));
    }

    public static Chunk reached(int group, int round) {
        return sequenced(REACHED_ID, group, round);
    }

    public static Chunk released(int group, int round) {
        return sequenced(RELEASED_ID, group, round);
    }

    private static Chunk sequenced(int id, int group, int sequence) {
        return new Chunk(String.format("%02x%04x%04x", id, group, sequence & 0xFFFF));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    public int id() {
        return hex.isEmpty() ? -1 : unsigned(0, 1);
    }

    public int group() {
        return unsigned(1, 2);
    }

    public boolean isSequenced() {
        return id() == GROUP_WELCOME_ID || id() == GROUP_ACK_ID || isData() || id() >= REACHED_ID;
    }

    public int sequence() {
        return unsigned(3, 2);
    }

    public Chunk withSequence(int sequence) {
        return new Chunk(hex.substring(0, 6) + String.format("%04x", sequence & 0xFFFF) + hex.substring(10));
    }

    public boolean isData() {
        return id() >= MESSAGE_ID && id() <= FINAL_FRAGMENT_ID;
    }

    /** Whether a message begins with it. */
    public boolean beginsMessage() {
        return id() == MESSAGE_ID || id() == FIRST_FRAGMENT_ID;
    }

    /** Whether a message ends with it. */
    public boolean endsMessage() {
        return id() == MESSAGE_ID || id() == FINAL_FRAGMENT_ID;
    }

    /** What is behind the header of a chunk with a sequence number. */
    public byte[] payload() {
        byte[] bytes = bytes();
        return Arrays.copyOfRange(bytes, 5, bytes.length);
    }

    public String reason() {
        byte[] bytes = bytes();
        return new String(bytes, 3, bytes.length - 3, StandardCharsets.US_ASCII);
    }

    /** Without what is behind the header of a chunk that has no payload: a legacy peer does not look there. */
    public Chunk asReadBy01() {
        int length = switch (id()) {
            case 0, 2 -> 1;
            case GROUP_JOIN_ID -> 4;
            case GROUP_WELCOME_ID, GROUP_ACK_ID, REACHED_ID, RELEASED_ID -> 5;
            case GROUP_LEAVE_ID -> 3;
            default -> hex.length() / 2;
        };
        return new Chunk(hex.substring(0, Math.min(hex.length(), 2 * length)));
    }

    private int unsigned(int offset, int bytes) {
        return Integer.parseInt(hex.substring(2 * offset, 2 * (offset + bytes)), 16);
    }

    @Override
    public String toString() {
        String name = switch (id()) {
            case 0 -> "SessionJoin";
            case 1 -> "SessionWelcome";
            case 2 -> "SessionHeartbeat";
            case GROUP_JOIN_ID -> "GroupJoin";
            case GROUP_WELCOME_ID -> "GroupWelcome";
            case GROUP_ACK_ID -> "GroupAck";
            case GROUP_LEAVE_ID -> "GroupLeave";
            case GROUP_DISCONNECTED_ID -> "GroupDisconnected";
            case MESSAGE_ID -> "BroadcastMessage";
            case FIRST_FRAGMENT_ID -> "BroadcastFirstMessageFragment";
            case FRAGMENT_ID -> "BroadcastMessageFragment";
            case FINAL_FRAGMENT_ID -> "BroadcastFinalMessageFragment";
            case REACHED_ID -> "BarrierReached";
            case RELEASED_ID -> "BarrierReleased";
            default -> "?";
        };
        return name + " " + (hex.length() > 80 ? hex.substring(0, 80) + "… (" + hex.length() / 2 + " bytes)" : hex);
    }
}
