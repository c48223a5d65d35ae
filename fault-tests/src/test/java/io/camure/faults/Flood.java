package io.camure.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stranger on the same host that sends as fast as it can, to each of some addresses in turn: garbage, and chunks of the
 * session's groups with whatever numbers. Only joining is left out, since that is how one becomes a member.
 */
final class Flood implements AutoCloseable {

    /** It stops by itself after so many. */
    private static final long MOST_DATAGRAMS = 20_000_000;

    private static final int LONGEST_BYTES = 1472;
    private static final int GROUPS = 3;

    /** All but 0, SessionJoin, and 10, GroupJoin; see docs/protocol.md. */
    private static final byte[] FORGED = {
        1, 2, 11, 12, 13, 14, 20, 21, 22, 23, 30, 31, 40, 41, 42, 43, 44, 45, 46, 48, 49, 50, 53, 57, 127
    };

    private final List<InetSocketAddress> targets;
    private final DatagramChannel channel;
    private final Thread thread = new Thread(this::flood, "flood");
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean stopping;
    private volatile IOException failure;

    private Flood(List<InetSocketAddress> targets, DatagramChannel channel) {
        this.targets = targets;
        this.channel = channel;
    }

    static Flood onto(List<InetSocketAddress> targets) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByInetAddress(loopback));
        channel.bind(new InetSocketAddress(loopback, 0));
        Flood flood = new Flood(targets, channel);
        flood.thread.start();
        return flood;
    }

    long sent() {
        return sent.get();
    }

    private void flood() {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST_BYTES);
        try {
            while (!stopping && sent.get() < MOST_DATAGRAMS) {
                fill(datagram.clear(), random);
                channel.send(datagram.flip(), targets.get((int) (sent.getAndIncrement() % targets.size())));
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private static void fill(ByteBuffer datagram, SplittableRandom random) {
        if (random.nextBoolean()) {
            datagram.put(FORGED[random.nextInt(FORGED.length)]);
            datagram.putShort((short) random.nextInt(GROUPS));
            datagram.putShort((short) random.nextInt());
        }
        int length = random.nextInt(random.nextInt(10) == 0 ? datagram.remaining() : 32);
        for (int i = 0; i < length; i++) {
            datagram.put((byte) random.nextInt());
        }
        if (datagram.position() > 0 && (datagram.get(0) == 0 || datagram.get(0) == 10)) {
            datagram.put(0, (byte) -1);
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        if (failure != null) {
            throw failure;
        }
    }
}
