package io.camure.faults.node;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Datagrams in somebody else's name, from a machine that has its address, too.
 *
 * @param source in whose name
 * @param target whom they are sent to; a multicast address, too
 */
public record Forgery(InetSocketAddress source, InetSocketAddress target, ArrayList<byte[]> datagrams)
        implements Serializable {

    private static final String DEVICE = "eth0";
    private static final int LONGEST_BYTES = 65507;

    private static volatile boolean raging;

    /** Sends them, in order. */
    public void send() throws IOException {
        try (DatagramChannel channel = open()) {
            channel.bind(source);
            for (byte[] datagram : datagrams) {
                channel.send(ByteBuffer.wrap(datagram), target);
            }
        }
    }

    /**
     * Sends them again and again, so many in a second, while this process {@link #rages}.
     *
     * @return how many
     */
    public int repeat(int perSecond) throws IOException {
        long pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long nextNanos = System.nanoTime();
        int sent = 0;
        try (DatagramChannel channel = open()) {
            channel.bind(source);
            while (raging) {
                channel.send(ByteBuffer.wrap(datagrams.get(sent++ % datagrams.size())), target);
                nextNanos += pauseNanos;
                LockSupport.parkNanos(nextNanos - System.nanoTime());
            }
        }
        return sent;
    }

    /** Whether this process repeats what it has to repeat. */
    public static void rages(boolean does) {
        raging = does;
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(DEVICE));
        return channel;
    }

    /** What comes by multicast, until so much has come as was asked for. */
    public static ArrayList<byte[]> record(InetSocketAddress multicast, int count) throws IOException {
        ArrayList<byte[]> recorded = new ArrayList<>();
        try (DatagramChannel channel = open()) {
            channel.bind(multicast);
            channel.join(multicast.getAddress(), NetworkInterface.getByName(DEVICE));
            ByteBuffer datagram = ByteBuffer.allocate(LONGEST_BYTES);
            while (recorded.size() < count) {
                channel.receive(datagram.clear());
                byte[] bytes = new byte[datagram.flip().remaining()];
                datagram.get(bytes);
                recorded.add(bytes);
            }
        }
        return recorded;
    }

    /** Any list of them. */
    public static Forgery of(InetSocketAddress source, InetSocketAddress target, List<byte[]> datagrams) {
        return new Forgery(source, target, new ArrayList<>(datagrams));
    }
}
