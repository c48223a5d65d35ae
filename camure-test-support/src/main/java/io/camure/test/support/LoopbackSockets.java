package io.camure.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The sockets of a scripted node on the loopback interface, and the thread that reads them, as a legacy peer has one.
 *
 * <p>The network between this node and the others loses what the script wants to be lost.
 */
final class LoopbackSockets implements AutoCloseable {

    private final DatagramChannel channel;
    private final Selector selector;
    private final Handler handler;
    private final Thread reader;
    private final List<Loss> incomingLosses = new ArrayList<>();
    private final List<Loss> outgoingLosses = new ArrayList<>();
    private volatile long silenceMillis;

    /** Is called on the reading thread. */
    interface Handler {

        void onChunk(InetSocketAddress source, boolean byMulticast, Chunk chunk);

        /** Nothing has come for the interval of silence. */
        void onSilence();
    }

    private static final class Loss {
        final Predicate<Chunk> lost;
        int left;

        Loss(int count, Predicate<Chunk> lost) {
            left = count;
            this.lost = lost;
        }
    }

    LoopbackSockets(Handler handler) {
        this.handler = handler;
        try {
            selector = Selector.open();
            channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            register(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(this::read, "scripted-" + address().getPort());
        reader.setDaemon(true);
    }

    static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    LoopbackSockets start() {
        reader.start();
        return this;
    }

    private void register(DatagramChannel readable) throws IOException {
        readable.configureBlocking(false);
        readable.register(selector, SelectionKey.OP_READ);
        selector.wakeup();
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hears group traffic from now on, whoever sends it: a legacy peer does not look at the source. */
    void joinMulticast(InetSocketAddress multicastAddress) {
        try {
            DatagramChannel group = DatagramChannel.open(StandardProtocolFamily.INET);
            group.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            group.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            group.bind(multicastAddress);
            group.join(multicastAddress.getAddress(), loopback());
            register(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls {@link Handler#onSilence} whenever nothing has come for so long; 0 for never. */
    void setSilenceMillis(long millis) {
        silenceMillis = millis;
        selector.wakeup();
    }

    void loseIncoming(int count, Predicate<Chunk> lost) {
        synchronized (incomingLosses) {
            incomingLosses.add(new Loss(count, lost));
        }
    }

    void loseOutgoing(int count, Predicate<Chunk> lost) {
        synchronized (outgoingLosses) {
            outgoingLosses.add(new Loss(count, lost));
        }
    }

    private static boolean isLost(List<Loss> losses, Chunk chunk) {
        synchronized (losses) {
            for (Loss loss : losses) {
                if (loss.left > 0 && loss.lost.test(chunk.asReadBy01())) {
                    loss.left--;
                    return true;
                }
            }
            return false;
        }
    }

    void send(Chunk chunk, InetSocketAddress destination) {
        if (isLost(outgoingLosses, chunk)) {
            return;
        }
        try {
            channel.send(ByteBuffer.wrap(chunk.bytes()), destination);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        try {
            while (selector.isOpen()) {
                if (selector.select(silenceMillis) == 0 && silenceMillis > 0) {
                    handler.onSilence();
                }
                selector.selectedKeys().clear();
                for (SelectionKey key : selector.keys()) {
                    receiveAll((DatagramChannel) key.channel(), buffer);
                }
            }
        } catch (IOException | UncheckedIOException | ClosedSelectorException e) {
            // Closed: the script is over.
        }
    }

    private void receiveAll(DatagramChannel readable, ByteBuffer buffer) throws IOException {
        InetSocketAddress source = (InetSocketAddress) readable.receive(buffer.clear());
        while (source != null) {
            byte[] datagram = new byte[buffer.flip().remaining()];
            buffer.get(datagram);
            Chunk chunk = Chunk.of(datagram);
            if (!isLost(incomingLosses, chunk)) {
                handler.onChunk(source, readable != channel, chunk);
            }
            source = (InetSocketAddress) readable.receive(buffer.clear());
        }
    }

    @Override
    public void close() {
        try {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            selector.close();
            for (SelectionKey key : keys) {
                key.channel().close();
            }
            reader.join(Inbox.DEADLINE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
