package io.camure.kubernetes;

import io.camure.Node;
import io.camure.spring.election.CoordinatorRecord;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * What a Lease says of its holder: {@code orders-0@10.0.0.1:7400#5d1f…}. The rest is random, so that a node that is started anew under its
 * name and address does not take the Lease for its own, and gets a term of its own.
 */
final class HolderIdentity {

    private HolderIdentity() {}

    static String of(CoordinatorRecord candidate) {
        InetAddress ip = candidate.address().getAddress();
        String host = ip.getHostAddress();
        if (ip instanceof Inet6Address) {
            int scope = host.indexOf('%');
            host = "[" + (scope < 0 ? host : host.substring(0, scope)) + "]";
        }
        return candidate.node().name() + "@" + host + ":" + candidate.address().getPort() + "#"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** @throws IllegalArgumentException when it is none */
    static CoordinatorRecord read(String identity, long term) {
        int at = identity.lastIndexOf('@');
        int end = identity.lastIndexOf('#');
        int colon = identity.lastIndexOf(':');
        if (at < 0 || colon < at || end >= 0 && end < colon) {
            throw new IllegalArgumentException("it is held by " + identity + ", which names no node and address");
        }
        String port = identity.substring(colon + 1, end < 0 ? identity.length() : end);
        try {
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getByName(identity.substring(at + 1, colon)), Integer.parseInt(port));
            return new CoordinatorRecord(term, new Node(identity.substring(0, at), address, 0), address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("it is held by " + identity + ", whose host is not known", e);
        }
    }
}
