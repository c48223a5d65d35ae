package io.camure;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A node that says only what a test has it say, so that it can fall silent at any moment. */
final class ScriptedMember implements AutoCloseable {

    private final DatagramSocket socket;
    private final InetSocketAddress coordinator;

    ScriptedMember(InetSocketAddress coordinator) throws IOException {
        this.coordinator = coordinator;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout((int) Loopback.LONG.toMillis());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void askForSession() throws IOException {
        send(chunk -> ChunkWriter.session(chunk, ChunkType.SESSION_JOIN));
        expect(ChunkType.SESSION_WELCOME);
    }

    void askForGroup(int group, GroupType type) throws IOException {
        send(chunk -> ChunkWriter.groupJoin(chunk, group, type));
    }

    /** Asks for a group, is let in and says so. */
    void joinGroup(int group, GroupType type) throws IOException {
        askForSession();
        askForGroup(group, type);
        confirmWelcome(group);
    }

    void confirmWelcome(int group) throws IOException {
        int sequence = expect(ChunkType.GROUP_WELCOME).sequence();
        send(chunk -> ChunkWriter.welcomeAck(chunk, group, sequence, 0));
    }

    void send(Consumer<ByteBuffer> writing) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(100);
        writing.accept(chunk);
        sendRaw(chunk.array(), chunk.position());
    }

    void sendRaw(byte[] bytes, int length) throws IOException {
        socket.send(new DatagramPacket(bytes, length, coordinator));
    }

    /** The next chunk of a type; others in front of it are passed over. */
    ChunkReader expect(ChunkType type) throws IOException {
        ChunkReader chunk = new ChunkReader();
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
            socket.receive(packet);
            if (chunk.read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())) == null && chunk.type() == type) {
                return chunk;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
