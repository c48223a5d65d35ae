package io.camure;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A DNS server on loopback (RFC 1035) that knows some names, and says of all others that they don't exist. */
final class DnsResponder implements AutoCloseable {

    private static final int HEADER_BYTES = 12;
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int ANSWER = 0x8180;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket;
    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    DnsResponder() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** As {@link NameServers} has it. */
    String url() {
        return "dns://" + socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** @param name without a dot at its end */
    DnsResponder put(String name, InetAddress... addresses) {
        names.put(name, List.of(addresses));
        return this;
    }

    /** The names that were asked for, in order. */
    List<String> asked() {
        return asked;
    }

    private void serve() {
        byte[] bytes = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(bytes, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // It was closed.
                return;
            }
        }
    }

    private byte[] answer(ByteBuffer question) {
        int id = question.getShort();
        question.position(HEADER_BYTES);
        List<String> labels = new ArrayList<>();
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII));
        }
        String name = String.join(".", labels);
        int type = question.getShort();
        question.getShort();
        asked.add(name);
        List<InetAddress> addresses = names.getOrDefault(name, List.of()).stream()
                .filter(address -> type == (address instanceof Inet4Address ? A : AAAA))
                .toList();
        ByteBuffer answer = ByteBuffer.allocate(512);
        answer.putShort((short) id).putShort((short) (names.containsKey(name) ? ANSWER : ANSWER | NO_SUCH_NAME));
        answer.putShort((short) 1).putShort((short) addresses.size()).putInt(0);
        answer.put(question.array(), HEADER_BYTES, question.position() - HEADER_BYTES);
        for (InetAddress address : addresses) {
            // The name is that of the question.
            answer.putShort((short) (0xC000 | HEADER_BYTES))
                    .putShort((short) type)
                    .putShort((short) 1);
            answer.putInt(30).putShort((short) address.getAddress().length).put(address.getAddress());
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    @Override
    public void close() {
        socket.close();
    }
}
