package io.camure.transport;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A port on Java NIO: one channel for everything of its own, at a member a second one for group traffic. */
public final class NioDatagramPort implements DatagramPort {

    private final PortOptions options;
    private final Selector selector;
    private final DatagramChannel channel;
    private final InetSocketAddress localAddress;
    private @Nullable DatagramChannel multicastChannel;

    private NioDatagramPort(PortOptions options, Selector selector, DatagramChannel channel) throws IOException {
        this.options = options;
        this.selector = selector;
        this.channel = channel;
        localAddress = (InetSocketAddress) channel.getLocalAddress();
    }

    /** Binds a port. */
    public static NioDatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        Selector selector = Selector.open();
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open(familyOf(bindAddress.getAddress()));
            setOptions(channel, options);
            channel.bind(bindAddress);
            register(channel, selector);
            return new NioDatagramPort(options, selector, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
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
    public void joinMulticast(InetSocketAddress multicastAddress) throws IOException {
        DatagramChannel group = DatagramChannel.open(familyOf(multicastAddress.getAddress()));
        try {
            // Other members on this host listen on the same port.
            group.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            setReceiveBuffer(group, options);
            group.bind(isWindows() ? new InetSocketAddress(multicastAddress.getPort()) : multicastAddress);
            group.join(multicastAddress.getAddress(), options.networkInterface());
            register(group, selector);
        } catch (IOException | RuntimeException e) {
            group.close();
            throw e;
        }
        multicastChannel = group;
    }

    /** Windows can't bind to a multicast address; elsewhere that keeps other groups on the same port out. */
    private static boolean isWindows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
    }

    @Override
    public @Nullable InetSocketAddress receive(ByteBuffer buffer) throws IOException {
        InetSocketAddress source = (InetSocketAddress) channel.receive(buffer);
        if (source == null && multicastChannel != null) {
            source = (InetSocketAddress) multicastChannel.receive(buffer);
        }
        return source;
    }

    @Override
    public boolean send(ByteBuffer datagram, InetSocketAddress destination) throws IOException {
        int position = datagram.position();
        boolean empty = !datagram.hasRemaining();
        try {
            return channel.send(datagram, destination) > 0 || empty;
        } finally {
            datagram.position(position);
        }
    }

    @Override
    public void awaitDatagram(long timeoutNanos) throws IOException {
        if (timeoutNanos <= 0) {
            selector.selectNow();
        } else {
            // Rounded up: a selector counts in milliseconds, and 0 would be for ever.
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos + 999_999)));
        }
        selector.selectedKeys().clear();
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
            if (multicastChannel != null) {
                multicastChannel.close();
            }
        }
    }
}
