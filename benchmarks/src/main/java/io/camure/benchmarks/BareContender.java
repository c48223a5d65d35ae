package io.camure.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The floor: datagrams by NIO without any protocol, so that a lost one ends the measurement by its deadline.
 *
 * <p>A round is a datagram of each member to the coordinator and one to the group. A broadcast is sent in a fixed window,
 * for which each member acknowledges one datagram in so many; see {@link BareStream}. Of an all-gather there is only what
 * the coordinator receives; see {@link BareIncast}.
 */
final class BareContender implements Contender {

    /** Holds more than the window, so that nothing is lost on the way. */
    static final int SOCKET_BUFFER = 4 << 20;

    private final boolean spinning;

    /** @param spinning whether to look again and again before sleeping */
    BareContender(boolean spinning) {
        this.spinning = spinning;
    }

    @Override
    public Set<Work> works() {
        return spinning
                ? EnumSet.of(Work.BARRIER)
                : EnumSet.of(Work.BARRIER, Work.ALLGATHER, Work.BROADCAST, Work.LATENCY);
    }

    @Override
    public Meeting meeting(Place place) throws IOException {
        return place.isCoordinator() ? new CoordinatorMeeting(place, spinning) : new MemberMeeting(place, spinning);
    }

    @Override
    public Meeting collective(Work work, Place place) throws IOException {
        return place.isCoordinator() ? BareIncast.atCoordinator(place) : BareIncast.atMember(place);
    }

    @Override
    public Sender sender(Place place) throws IOException {
        return new BareStream.Sending(place);
    }

    @Override
    public Side receiver(Place place, Sink sink) throws IOException {
        return new BareStream.Receiving(place, sink);
    }

    static DatagramChannel openSocket(SocketAddress address) throws IOException {
        return DatagramChannel.open(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER)
                .setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER)
                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                .bind(address);
    }

    static DatagramChannel openCoordinatorSocket(Place place) throws IOException {
        return openSocket(place.ownSocket()).setOption(StandardSocketOptions.IP_MULTICAST_IF, place.networkInterface());
    }

    static DatagramChannel openGroupSocket(Place place) throws IOException {
        DatagramChannel channel = openSocket(place.groupSocket());
        channel.join(place.group(), place.networkInterface());
        return channel;
    }

    /** Receives by sleeping, or by looking again and again; then it sleeps only where the nodes share processors. */
    private static final class Waiter implements AutoCloseable {

        private static final int LOOKS = 20;

        private final DatagramChannel channel;
        private final boolean yielding;
        private final @Nullable Selector selector;

        Waiter(DatagramChannel channel, boolean spinning, int nodes) throws IOException {
            this.channel = channel;
            yielding = nodes <= Runtime.getRuntime().availableProcessors();
            selector = spinning ? Selector.open() : null;
            if (selector != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
        }

        void receive(ByteBuffer buffer) throws IOException {
            buffer.clear();
            int looks = 0;
            while (channel.receive(buffer) == null) {
                if (looks++ < LOOKS) {
                    Thread.onSpinWait();
                } else if (yielding) {
                    // Nobody else may want the processor, and then this costs no more than another look.
                    Thread.yield();
                } else if (selector != null) {
                    selector.select(key -> {});
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (selector != null) {
                selector.close();
            }
        }
    }

    private static final class CoordinatorMeeting implements Meeting {

        private final DatagramChannel socket;
        private final Waiter waiter;
        private final InetSocketAddress group;
        private final int members;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);

        CoordinatorMeeting(Place place, boolean spinning) throws IOException {
            socket = openCoordinatorSocket(place);
            waiter = new Waiter(socket, spinning, place.members() + 1);
            group = place.groupSocket();
            members = place.members();
        }

        @Override
        public void await() throws IOException {
            for (int i = 0; i < members; i++) {
                waiter.receive(buffer);
            }
            buffer.clear().limit(Long.BYTES);
            socket.send(buffer, group);
        }

        @Override
        public void close() throws IOException {
            waiter.close();
        }
    }

    private static final class MemberMeeting implements Meeting {

        private final DatagramChannel socket;
        private final Waiter waiter;
        private final InetSocketAddress coordinator;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);

        MemberMeeting(Place place, boolean spinning) throws IOException {
            socket = openSocket(place.ownSocket());
            waiter = new Waiter(openGroupSocket(place), spinning, place.members() + 1);
            coordinator = place.coordinatorSocket();
        }

        @Override
        public void await() throws IOException {
            buffer.clear().limit(Long.BYTES);
            socket.send(buffer, coordinator);
            waiter.receive(buffer);
        }

        @Override
        public void close() throws IOException {
            socket.close();
            waiter.close();
        }
    }
}
