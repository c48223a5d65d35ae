package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** An {@link Incast} by NIO, one datagram a call. */
final class BareIncast {

    private BareIncast() {}

    static Meeting atMember(Place place) throws IOException {
        return new Incast.Sending(new Sender(place), burst(place));
    }

    static Meeting atCoordinator(Place place) throws IOException {
        return new Incast.Receiving(new Receiver(place), place.members(), burst(place));
    }

    /** All members together have no more on their way than the window of a stream, unless there are very many. */
    private static int burst(Place place) {
        return Math.max(1, BareStream.ACKNOWLEDGE_EVERY / place.members());
    }

    private static final class Sender implements Incast.MemberLine {

        private final DatagramChannel socket;
        private final DatagramChannel groupSocket;
        private final InetSocketAddress coordinator;
        private final ByteBuffer datagram = ByteBuffer.allocateDirect(BareStream.DATAGRAM);
        private final ByteBuffer answer = ByteBuffer.allocateDirect(Integer.BYTES);

        Sender(Place place) throws IOException {
            socket = BareContender.openSocket(place.ownSocket());
            groupSocket = BareContender.openGroupSocket(place);
            coordinator = place.coordinatorSocket();
            datagram.putInt(Incast.INDEX, place.index());
        }

        @Override
        public void send(int datagrams) throws IOException {
            for (int i = 0; i < datagrams; i++) {
                socket.send(datagram.clear(), coordinator);
            }
        }

        @Override
        public void awaitAcknowledgement() throws IOException {
            socket.receive(answer.clear());
        }

        @Override
        public void awaitRelease() throws IOException {
            groupSocket.receive(answer.clear());
        }

        @Override
        public void close() throws IOException {
            socket.close();
            groupSocket.close();
        }
    }

    private static final class Receiver implements Incast.CoordinatorLine {

        private final DatagramChannel socket;
        private final Place place;
        private final ByteBuffer datagram = ByteBuffer.allocateDirect(BareStream.DATAGRAM);
        private final ByteBuffer answer = ByteBuffer.allocateDirect(Integer.BYTES);

        Receiver(Place place) throws IOException {
            this.place = place;
            socket = BareContender.openCoordinatorSocket(place);
        }

        @Override
        public void receive(Incast.Count count) throws IOException {
            socket.receive(datagram.clear());
            count.add(datagram.getInt(Incast.INDEX));
        }

        @Override
        public void acknowledge(int member) throws IOException {
            socket.send(answer.clear(), place.socketOf(member));
        }

        @Override
        public void release() throws IOException {
            socket.send(answer.clear(), place.groupSocket());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
