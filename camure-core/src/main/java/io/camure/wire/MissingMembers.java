package io.camure.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Who had not arrived, in a BarrierBroken: as far as it can be read, with names where they were told. */
final class MissingMembers {

    private static final int IPV6_BYTES = 16;

    private MissingMembers() {}

    /** @param payload what follows the header */
    static List<NodeIdentity> read(ByteBuffer payload) {
        if (payload.remaining() < Integer.BYTES + 2) {
            return List.of();
        }
        int count = payload.get(Integer.BYTES + 1) & 0xFF;
        payload.position(Integer.BYTES + 2);
        List<NodeIdentity> missing = new ArrayList<>();
        for (int i = 0; i < count && payload.hasRemaining(); i++) {
            int length = payload.get();
            if (length != 4 && length != IPV6_BYTES || payload.remaining() < length + Short.BYTES) {
                break;
            }
            byte[] ip = new byte[length];
            payload.get(ip);
            missing.add(NodeIdentity.at(socketAddress(ip, payload.getShort() & 0xFFFF)));
        }
        if (missing.size() == count) {
            readNames(payload, missing);
        }
        return missing;
    }

    /** Of nodes in their order, as far as they can be read. */
    private static void readNames(ByteBuffer source, List<NodeIdentity> nodes) {
        for (int i = 0; i < nodes.size() && source.hasRemaining(); i++) {
            int bytes = source.get() & 0xFF;
            if (source.remaining() < bytes) {
                return;
            }
            nodes.set(
                    i,
                    new NodeIdentity(
                            Extension.readName(source, bytes), nodes.get(i).address(), 0));
        }
    }

    /** @param ip 4 or 16 bytes */
    static InetSocketAddress socketAddress(byte[] ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }
}
