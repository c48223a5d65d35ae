package io.camure.node.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Where the group traffic of a session goes when nobody has said it: to an address and a port that follow from the session's
 * name and the coordinator's port, the same in each life of the coordinator and others than those of other sessions. Of the
 * CRC-32 over the name in UTF-8 and the two bytes of the port, the upper 16 bits are the end of an IPv4 address, the lower 14
 * bits the port; all 32 are the end of an IPv6 address, with the highest bit set.
 */
public final class DerivedMulticastAddress {

    /** Below those that systems give away by themselves, above those of well-known services. */
    private static final int FIRST_PORT = 16384;

    private DerivedMulticastAddress() {}

    /**
     * @param sessionName empty for a session without one
     * @param bound where the coordinator is reached; decides between IPv4 and IPv6
     */
    public static InetSocketAddress of(String sessionName, InetSocketAddress bound) {
        CRC32 hash = new CRC32();
        hash.update(sessionName.getBytes(StandardCharsets.UTF_8));
        hash.update(bound.getPort() >>> Byte.SIZE);
        hash.update(bound.getPort());
        int bits = (int) hash.getValue();
        boolean ipv4 = bound.getAddress().getAddress().length == 4;
        return new InetSocketAddress(ipv4 ? ipv4(bits) : ipv6(bits), FIRST_PORT + (bits & FIRST_PORT - 1));
    }

    /**
     * Where members ask for the coordinator of a session: as the group traffic of one at port 0.
     *
     * @param like decides between IPv4 and IPv6
     */
    public static InetSocketAddress ofAnnouncements(String sessionName, InetAddress like) {
        return of(sessionName, new InetSocketAddress(like, 0));
    }

    /** In the part of 239.0.0.0/8 that is for one site (RFC 2365). */
    private static InetAddress ipv4(int bits) {
        return address(new byte[] {(byte) 239, (byte) 255, (byte) (bits >>> 24), (byte) (bits >>> 16)});
    }

    /** For one site, not assigned for good, and with a group id of those that are chosen as needed (RFC 4291, RFC 3307). */
    private static InetAddress ipv6(int bits) {
        return address(ByteBuffer.allocate(16)
                .putShort(0, (short) 0xFF15)
                .putInt(12, bits | 1 << 31)
                .array());
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + bytes.length + " bytes", e);
        }
    }
}
