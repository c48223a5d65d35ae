package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Sender;
import io.camure.benchmarks.Contender.Side;
import io.camure.benchmarks.Contender.Sink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/**
 * Messages as datagrams, one a call, in a fixed window. A datagram begins with its number and with how many bytes of the
 * message there are from it on; a message that does not fit into one is split.
 */
final class BareStream {

    /** What fits into an Ethernet frame. */
    static final int DATAGRAM = 1472;

    static final int HEADER = 2 * Integer.BYTES;

    static final int WINDOW = 64;
    static final int ACKNOWLEDGE_EVERY = 32;

    /** An acknowledgement has the member's index and the number of the next datagram. */
    static final int ACKNOWLEDGEMENT = 2 * Integer.BYTES;

    private BareStream() {}

    /** How far each member is, at the sender. */
    static final class Progress {

        private final int[] next;

        Progress(int members) {
            next = new int[members];
        }

        void take(ByteBuffer acknowledgement) {
            next[acknowledgement.getInt(0) - 1] = acknowledgement.getInt(Integer.BYTES);
        }

        int slowest() {
            int slowest = next[0];
            for (int i = 1; i < next.length; i++) {
                if (next[i] - slowest < 0) {
                    slowest = next[i];
                }
            }
            return slowest;
        }
    }

    /** Puts messages together from the datagrams of a stream, at a member. */
    static final class Assembly {

        private final Sink sink;
        private byte[] message = new byte[DATAGRAM];
        private int length;
        private int next;

        Assembly(Sink sink) {
            this.sink = sink;
        }

        int next() {
            return next;
        }

        /** Takes the datagram that there is from the buffer's position to its limit. */
        void take(ByteBuffer datagram) throws IOException {
            int number = datagram.getInt();
            if (number != next) {
                throw new IOException("datagram " + number + " came where " + next + " should have");
            }
            next++;
            int left = datagram.getInt();
            int here = datagram.remaining();
            if (length == 0 && message.length < left) {
                message = new byte[left];
            }
            datagram.get(message, length, here);
            length += here;
            if (here == left) {
                sink.onMessage(length, Stamps.first(message, 0));
                length = 0;
            }
        }
    }

    /** The coordinator's side. */
    static final class Sending implements Sender {

        private final DatagramChannel socket;
        private final InetSocketAddress group;
        private final Progress progress;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM);
        private final ByteBuffer acknowledgement = ByteBuffer.allocateDirect(ACKNOWLEDGEMENT);
        private int next;

        Sending(Place place) throws IOException {
            socket = BareContender.openCoordinatorSocket(place);
            group = place.groupSocket();
            progress = new Progress(place.members());
        }

        @Override
        public void send(byte[] message) throws IOException {
            for (int at = 0; at < message.length; at += DATAGRAM - HEADER) {
                while (next - progress.slowest() >= WINDOW) {
                    socket.receive(acknowledgement.clear());
                    progress.take(acknowledgement);
                }
                int left = message.length - at;
                buffer.clear().putInt(next++).putInt(left);
                buffer.put(message, at, Math.min(left, buffer.remaining())).flip();
                socket.send(buffer, group);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A member's side. */
    static final class Receiving implements Side {

        private final DatagramChannel socket;
        private final DatagramChannel groupSocket;
        private final Place place;
        private final Assembly assembly;

        Receiving(Place place, Sink sink) throws IOException {
            this.place = place;
            socket = BareContender.openSocket(place.ownSocket());
            groupSocket = BareContender.openGroupSocket(place);
            assembly = new Assembly(sink);
            Node.startThread("receiver", this::receive);
        }

        private void receive() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM);
            ByteBuffer acknowledgement = ByteBuffer.allocateDirect(ACKNOWLEDGEMENT);
            try {
                while (true) {
                    groupSocket.receive(buffer.clear());
                    assembly.take(buffer.flip());
                    if (assembly.next() % ACKNOWLEDGE_EVERY == 0) {
                        acknowledgement
                                .clear()
                                .putInt(place.index())
                                .putInt(assembly.next())
                                .flip();
                        socket.send(acknowledgement, place.coordinatorSocket());
                    }
                }
            } catch (ClosedChannelException e) {
                // The measurement is over.
            }
        }

        @Override
        public void close() throws IOException {
            groupSocket.close();
            socket.close();
        }
    }
}
