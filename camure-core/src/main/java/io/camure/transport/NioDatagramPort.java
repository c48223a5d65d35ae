package io.camure.transport;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port on Java NIO: one channel for everything of its own, at a member a second one for group traffic. */
public final class NioDatagramPort implements DatagramPort {

    private static final int LARGEST_DATAGRAM_BYTES = 65536;

    /** So many datagrams are taken at once, as long as there is room for one more of the largest. */
    private static final int MAXIMUM_BATCH = 128;

    /** The socket that delivered last is polled alone, but for one time in so many. */
    private static final int POLLS_OF_ALL = 8;

    /** And so it is received from, as long as it delivers. */
    private static final int RECEIVES_OF_BOTH = 8;

    /** All that is ready is looked at anyway; and with an action the selector allocates nothing. */
    private static final Consumer<SelectionKey> ALREADY_KNOWN = key -> {};

    private final PortOptions options;
    private final Selector selector;
    private final DatagramChannel channel;
    private final InetSocketAddress localAddress;
    private final int receiveBufferBytes;
    private final ByteBuffer arena = ByteBuffer.allocateDirect(4 * LARGEST_DATAGRAM_BYTES);
    private final @Nullable InetSocketAddress[] sources = new InetSocketAddress[MAXIMUM_BATCH];
    private final int[] starts = new int[MAXIMUM_BATCH];
    private final int[] ends = new int[MAXIMUM_BATCH];
    private int arrived;
    private int lastArrived;
    private int polls;
    private int receives;
    private boolean groupDelivered;
    private long datagramsSent;
    private long sendFailures;
    private final SendFailure sendFailure;

    private @Nullable MembershipKey membership;

    /** Opened by the thread that has the lock of the session while another may be receiving. */
    private volatile @Nullable DatagramChannel multicastChannel;

    private NioDatagramPort(PortOptions options, Selector selector, DatagramChannel channel) throws IOException {
        this.options = options;
        this.selector = selector;
        this.channel = channel;
        localAddress = (InetSocketAddress) channel.getLocalAddress();
        sendFailure = new SendFailure(localAddress);
        receiveBufferBytes = asCounted(channel.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    /** Linux counts its overhead, too, and so gives twice what is asked for; Java tells half of what it gives. */
    private static int asCounted(int bytes) {
        return isLinux() ? 2 * bytes : bytes;
    }

    /** Binds a port. */
    public static NioDatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        Selector selector = Selector.open();
        try {
            DatagramChannel channel = DatagramChannel.open(familyOf(bindAddress.getAddress()));
            try {
                setOptions(channel, options);
                channel.bind(bindAddress);
                register(channel, selector);
                return new NioDatagramPort(options, selector, channel);
            } catch (Throwable e) {
                // An error, too: there may be no memory for buffers.
                channel.close();
                throw e;
            }
        } catch (Throwable e) {
            selector.close();
            throw e;
        }
    }

    /**
     * Asks the kernel whether multicast can leave by an interface, without sending anything.
     *
     * @throws IOException when it refuses
     */
    public static void checkMulticastRoute(
            InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface)
            throws IOException {
        try (DatagramChannel probe = DatagramChannel.open(familyOf(multicastAddress.getAddress()))) {
            probe.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface);
            probe.bind(new InetSocketAddress(bindAddress.getAddress(), 0));
            probe.connect(multicastAddress);
        }
    }

    private static StandardProtocolFamily familyOf(InetAddress address) {
        return address instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private static void setOptions(DatagramChannel channel, PortOptions options) throws IOException {
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, options.networkInterface());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, options.multicastTtl());
        if (options.sendBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
        setReceiveBuffer(channel, options);
    }

    private static void setReceiveBuffer(DatagramChannel channel, PortOptions options) throws IOException {
        if (options.receiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        }
    }

    private static void register(DatagramChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    @Override
    public int sendBufferBytes() throws IOException {
        return asCounted(channel.getOption(StandardSocketOptions.SO_SNDBUF));
    }

    @Override
    public void joinMulticast(InetSocketAddress multicastAddress) throws IOException {
        DatagramChannel group = DatagramChannel.open(familyOf(multicastAddress.getAddress()));
        try {
            // Other members on this host listen on the same port.
            group.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            setReceiveBuffer(group, options);
            group.bind(isWindows() ? new InetSocketAddress(multicastAddress.getPort()) : onInterface(multicastAddress));
            membership = group.join(multicastAddress.getAddress(), options.networkInterface());
            register(group, selector);
        } catch (Throwable e) {
            group.close();
            throw e;
        }
        multicastChannel = group;
        // Who waits does not know of it yet.
        selector.wakeup();
    }

    @Override
    public void renewMulticast() throws IOException {
        MembershipKey left = membership;
        DatagramChannel group = multicastChannel;
        if (left != null && group != null) {
            left.drop();
            membership = group.join(left.group(), left.networkInterface());
        }
    }

    /** An address of IPv6 that is not meant beyond a link says on which one. */
    private InetSocketAddress onInterface(InetSocketAddress multicastAddress) throws IOException {
        InetAddress address = multicastAddress.getAddress();
        if (address instanceof Inet6Address && (address.isMCLinkLocal() || address.isMCNodeLocal())) {
            int scope = options.networkInterface().getIndex();
            return new InetSocketAddress(
                    Inet6Address.getByAddress(null, address.getAddress(), scope), multicastAddress.getPort());
        }
        return multicastAddress;
    }

    /** Windows can't bind to a multicast address; elsewhere that keeps other groups on the same port out. */
    private static boolean isWindows() {
        return osName().contains("windows");
    }

    private static boolean isLinux() {
        return osName().contains("linux");
    }

    private static String osName() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public int receive() throws IOException {
        clear();
        DatagramChannel group = multicastChannel;
        if (group == null) {
            receiveFrom(channel, limit());
        } else {
            receiveFromEither(group, limit());
        }
        lastArrived = arrived;
        return arrived;
    }

    /** From the one that delivered last, and mostly only from that: a look at the other one costs a system call. */
    private void receiveFromEither(DatagramChannel group, int limit) throws IOException {
        boolean groupFirst = groupDelivered;
        receiveFrom(groupFirst ? group : channel, limit);
        if (arrived == 0 || ++receives % RECEIVES_OF_BOTH == 0) {
            int firstArrived = arrived;
            receiveFrom(groupFirst ? channel : group, Math.min(arrived + limit, MAXIMUM_BATCH));
            groupDelivered = groupFirst == (arrived == firstArrived);
        }
    }

    @Override
    public int poll() throws IOException {
        DatagramChannel group = multicastChannel;
        if (group == null || ++polls % POLLS_OF_ALL == 0) {
            return receive();
        }
        clear();
        receiveFrom(groupDelivered ? group : channel, limit());
        lastArrived = arrived;
        return arrived;
    }

    private void clear() {
        arrived = 0;
        arena.clear();
    }

    /** One, while datagrams come one by one: to find out that there is no second one costs a system call. */
    private int limit() {
        return Math.min(2 * lastArrived + 1, MAXIMUM_BATCH);
    }

    private void receiveFrom(DatagramChannel from, int limit) throws IOException {
        while (arrived < limit && arena.remaining() >= LARGEST_DATAGRAM_BYTES) {
            int start = arena.position();
            SocketAddress source = from.receive(arena);
            if (source == null) {
                return;
            }
            sources[arrived] = (InetSocketAddress) source;
            starts[arrived] = start;
            ends[arrived] = arena.position();
            arrived++;
        }
    }

    @Override
    public void handOver(DatagramHandler handler) {
        for (int i = 0; i < arrived; i++) {
            InetSocketAddress source = sources[i];
            if (source != null) {
                handler.onDatagram(source, arena.limit(ends[i]).position(starts[i]));
            }
        }
    }

    @Override
    public void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        int position = datagrams.position();
        int limit = datagrams.limit();
        int start = position;
        do {
            int end = Math.min(start + datagramBytes, limit);
            sendOne(datagrams.limit(end).position(start), destination);
            start = end;
        } while (start < limit);
        datagrams.limit(limit).position(position);
    }

    private void sendOne(ByteBuffer datagram, InetSocketAddress destination) {
        boolean empty = !datagram.hasRemaining();
        try {
            if (channel.send(datagram, destination) > 0 || empty) {
                datagramsSent++;
                sendFailure.onTaken();
                return;
            }
        } catch (IOException e) {
            sendFailure.onFailed(String.valueOf(e.getMessage()));
        }
        sendFailures++;
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public long datagramsSent() {
        return datagramsSent;
    }

    @Override
    public long sendFailures() {
        return sendFailures;
    }

    @Override
    public @Nullable String sendFailure() {
        return sendFailure.reason();
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        if (timeoutNanos <= 0) {
            selector.selectNow(ALREADY_KNOWN);
        } else {
            // Rounded up: a selector counts in milliseconds, and 0 would be for ever.
            selector.select(ALREADY_KNOWN, Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos + 999_999)));
        }
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        try {
            selector.close();
            channel.close();
        } finally {
            DatagramChannel group = multicastChannel;
            if (group != null) {
                group.close();
            }
        }
    }
}
