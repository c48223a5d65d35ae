package io.camure.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The extension field that lists the addresses of group traffic: of each the length of its IP address (u8), that, and its port
 * (u16). Only who joins reads it, and so it is no part of {@link Extension}.
 */
public final class AddressList {

    private static final int FIELD = 15;

    /** Of IPv6, they take 78 of the bytes that extension fields may have. */
    private static final int MAXIMUM = 4;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private AddressList() {}

    /** In a SessionWelcome, the addresses that group traffic comes from, at most four; none if it does not say. */
    public static List<InetSocketAddress> of(ChunkReader welcome) {
        ByteBuffer fields = welcome.fields();
        List<InetSocketAddress> found = List.of();
        while (fields.remaining() >= 2) {
            int type = fields.get() & 0xFF;
            int length = Math.min(fields.get() & 0xFF, fields.remaining());
            int start = fields.position();
            if (type == FIELD) {
                found = read(fields.slice(start, length));
            }
            fields.position(start + length);
        }
        return found;
    }

    /** Those up to one that can't be read. */
    private static List<InetSocketAddress> read(ByteBuffer value) {
        List<InetSocketAddress> addresses = new ArrayList<>(MAXIMUM);
        while (value.hasRemaining() && addresses.size() < MAXIMUM) {
            int length = value.get();
            boolean known = length == IPV4_BYTES || length == IPV6_BYTES;
            if (!known || value.remaining() < length + Short.BYTES) {
                break;
            }
            byte[] ip = new byte[length];
            value.get(ip);
            addresses.add(MissingMembers.socketAddress(ip, value.getShort() & 0xFFFF));
        }
        return List.copyOf(addresses);
    }

    /** As many as there may be. The scope of an address means nothing to another host, and is left out. */
    static void write(ByteBuffer target, List<InetSocketAddress> addresses) {
        int lengthAt = target.put((byte) FIELD).position();
        target.put((byte) 0);
        for (int i = 0; i < addresses.size() && i < MAXIMUM; i++) {
            InetSocketAddress each = addresses.get(i);
            byte[] ip = each.getAddress().getAddress();
            target.put((byte) ip.length).put(ip).putShort((short) each.getPort());
        }
        target.put(lengthAt, (byte) (target.position() - lengthAt - 1));
    }
}
