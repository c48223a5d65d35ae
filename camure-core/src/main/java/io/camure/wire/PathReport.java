package io.camure.wire;

import java.nio.ByteBuffer;

/**
 * What a member says of the datagrams that get to it, and of the last round of path probes of which any did.
 *
 * @param interfaceBytes the longest datagram that its network interface takes in one piece; 0 when it does not say
 * @param round the number of the round; 0 when no path probe has come
 * @param unicastBytes the longest probe of the round that came to this node alone; 0 for none
 * @param multicastBytes the longest one that came by multicast; 0 for none
 * @param asked whether the coordinator has asked for it, behind the probes of the round
 */
public record PathReport(int interfaceBytes, int round, int unicastBytes, int multicastBytes, boolean asked) {

    /** What a node says that says nothing. */
    public static final PathReport NONE = new PathReport(0, 0, 0, 0, false);

    static final int INTERFACE_FIELD = 12;
    static final int ROUND_FIELD = 13;

    /** Of that field. */
    static final int ROUND_BYTES = Integer.BYTES + 2 * Short.BYTES + 1;

    /** The same, with what a field of an {@link Extension} says. */
    PathReport with(int field, ByteBuffer source) {
        return field == INTERFACE_FIELD
                ? new PathReport(unsigned(source), round, unicastBytes, multicastBytes, asked)
                : new PathReport(
                        interfaceBytes, source.getInt(), unsigned(source), unsigned(source), source.get() == 1);
    }

    private static int unsigned(ByteBuffer source) {
        return source.getShort() & 0xFFFF;
    }

    /** Writes what is not 0. */
    void write(ByteBuffer target) {
        if (interfaceBytes != 0) {
            target.put((byte) INTERFACE_FIELD).put((byte) Short.BYTES).putShort((short) interfaceBytes);
        }
        if (round != 0) {
            target.put((byte) ROUND_FIELD).put((byte) ROUND_BYTES).putInt(round);
            target.putShort((short) unicastBytes).putShort((short) multicastBytes);
            target.put((byte) (asked ? 1 : 0));
        }
    }
}
