package io.camure.benchmarks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/** The same datagrams as {@link BareStream} has, many a system call: segmentation offload when sending and receiving. */
final class BareLinuxContender implements Contender {

    /** So many of the largest go into one call. */
    static final int DATAGRAMS_A_CALL = 44;

    private static final int WINDOW = 4 * DATAGRAMS_A_CALL;
    private static final int ACKNOWLEDGE_EVERY = DATAGRAMS_A_CALL;

    @Override
    public Set<Work> works() {
        return EnumSet.of(Work.ALLGATHER, Work.BROADCAST, Work.LATENCY);
    }

    @Override
    public Meeting meeting(Place place) {
        throw new UnsupportedOperationException("a round has nothing to send at once");
    }

    @Override
    public Meeting collective(Work work, Place place) throws IOException {
        return place.isCoordinator() ? BareLinuxIncast.atCoordinator(place) : BareLinuxIncast.atMember(place);
    }

    @Override
    public Sender sender(Place place) throws IOException {
        return new Sending(place);
    }

    @Override
    public Side receiver(Place place, Sink sink) throws IOException {
        return new Receiving(place, sink);
    }

    private static final class Sending implements Sender {

        private final LinuxSocket socket;
        private final LinuxSocket acknowledgements;
        private final BareStream.Progress progress;
        private final ByteBuffer acknowledgement;
        private final ByteBuffer data;
        private int next;
        private int datagrams;
        private int datagram;

        Sending(Place place) throws IOException {
            socket = new LinuxSocket(place.ownSocket());
            socket.sendMulticastBy(place.address());
            socket.sendTo(place.groupSocket());
            acknowledgements = new LinuxSocket(place.groupControl());
            acknowledgement = acknowledgements.data().asByteBuffer();
            data = socket.data().asByteBuffer();
            progress = new BareStream.Progress(place.members());
        }

        @Override
        public void send(byte[] message) throws IOException {
            for (int at = 0; at < message.length; at += BareStream.DATAGRAM - BareStream.HEADER) {
                int left = message.length - at;
                int size = Math.min(left + BareStream.HEADER, BareStream.DATAGRAM);
                if (datagrams > 0 && size > datagram) {
                    flush();
                }
                if (datagrams == 0) {
                    datagram = size;
                }
                data.putInt(next++).putInt(left).put(message, at, size - BareStream.HEADER);
                datagrams++;
                // Only the last one may be shorter.
                if (datagrams == DATAGRAMS_A_CALL || size < datagram) {
                    flush();
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (datagrams == 0) {
                return;
            }
            while (next - progress.slowest() > WINDOW) {
                acknowledgements.receive();
                progress.take(acknowledgement);
            }
            socket.send(data.position(), datagram);
            data.clear();
            datagrams = 0;
        }

        @Override
        public void close() {}
    }

    private static final class Receiving implements Side {

        private final LinuxSocket groupSocket;
        private final LinuxSocket acknowledgements;
        private final BareStream.Assembly assembly;
        private final int index;

        Receiving(Place place, Sink sink) throws IOException {
            index = place.index();
            acknowledgements = new LinuxSocket(place.ownSocket());
            acknowledgements.sendTo(place.groupControl());
            groupSocket = new LinuxSocket(place.groupSocket());
            groupSocket.receiveManyAtOnce();
            groupSocket.join(place.group(), place.address());
            assembly = new BareStream.Assembly(sink);
            Node.startThread("receiver", this::receive);
        }

        private void receive() throws IOException {
            ByteBuffer data = groupSocket.data().asByteBuffer();
            MemorySegment acknowledgement = acknowledgements.data();
            ValueLayout.OfInt layout = ValueLayout.JAVA_INT.withOrder(data.order());
            int acknowledged = 0;
            while (true) {
                int length = groupSocket.receive();
                int datagram = groupSocket.received(length);
                for (int at = 0; at < length; at += datagram) {
                    assembly.take(data.limit(Math.min(at + datagram, length)).position(at));
                }
                if (assembly.next() - acknowledged >= ACKNOWLEDGE_EVERY) {
                    acknowledged = assembly.next();
                    acknowledgement.set(layout, 0, index);
                    acknowledgement.set(layout, Integer.BYTES, acknowledged);
                    acknowledgements.send(BareStream.ACKNOWLEDGEMENT, BareStream.ACKNOWLEDGEMENT);
                }
            }
        }

        @Override
        public void close() {}
    }
}
