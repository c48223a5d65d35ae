package io.camure.protocol;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Somebody who knows the addresses of a session and sees nothing of its traffic: what it sends bears the address of whomever it
 * likes, and no answer gets to it.
 */
final class Stranger {

    private final Session session;

    Stranger(Session session) {
        this.session = session;
    }

    /** Sends a datagram to the coordinator in the name of a node. */
    void toCoordinator(InetSocketAddress name, String hex) {
        session.coordinator.onDatagram(name, bytes(hex), session.now());
    }

    void toCoordinator(InetSocketAddress name, Consumer<ByteBuffer> writer) {
        session.coordinator.onDatagram(name, written(writer), session.now());
    }

    /** Sends a datagram to a member in the name of the coordinator. */
    void toMember(Session.Node member, String hex) {
        member.session.onDatagram(Session.COORDINATOR, bytes(hex), session.now());
    }

    void toMember(Session.Node member, Consumer<ByteBuffer> writer) {
        member.session.onDatagram(Session.COORDINATOR, written(writer), session.now());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static ByteBuffer written(Consumer<ByteBuffer> writer) {
        ByteBuffer datagram = ByteBuffer.allocate(2000);
        writer.accept(datagram);
        return datagram.flip();
    }

    /** How many bytes the coordinator has sent to an address. */
    static long bytesTo(List<SimulatedNetwork.Transmission> sent, InetSocketAddress address) {
        return sent.stream()
                .filter(one -> one.destination().equals(address))
                .mapToLong(one -> one.bytes().length)
                .sum();
    }
}
