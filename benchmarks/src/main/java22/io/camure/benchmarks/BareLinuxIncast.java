package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An {@link Incast} with a burst a system call: segmentation offload when sending and receiving. */
final class BareLinuxIncast {

    private BareLinuxIncast() {}

    static Meeting atMember(Place place) throws IOException {
        return new Incast.Sending(new Sender(place), BareLinuxContender.DATAGRAMS_A_CALL);
    }

    static Meeting atCoordinator(Place place) throws IOException {
        return new Incast.Receiving(new Receiver(place), place.members(), BareLinuxContender.DATAGRAMS_A_CALL);
    }

    private static final class Sender implements Incast.MemberLine {

        private final LinuxSocket socket;
        private final LinuxSocket acknowledgements;
        private final LinuxSocket groupSocket;

        Sender(Place place) throws IOException {
            socket = ephemeral(place);
            socket.sendTo(place.coordinatorSocket());
            acknowledgements = new LinuxSocket(place.ownSocket());
            groupSocket = new LinuxSocket(place.groupSocket());
            groupSocket.join(place.group(), place.address());
            ValueLayout.OfInt index =
                    ValueLayout.JAVA_INT.withOrder(socket.data().asByteBuffer().order());
            for (int i = 0; i < BareLinuxContender.DATAGRAMS_A_CALL; i++) {
                socket.data().set(index, (long) i * BareStream.DATAGRAM + Incast.INDEX, place.index());
            }
        }

        @Override
        public void send(int datagrams) throws IOException {
            socket.send(datagrams * BareStream.DATAGRAM, BareStream.DATAGRAM);
        }

        @Override
        public void awaitAcknowledgement() throws IOException {
            acknowledgements.receive();
        }

        @Override
        public void awaitRelease() throws IOException {
            groupSocket.receive();
        }

        @Override
        public void close() {}
    }

    private static final class Receiver implements Incast.CoordinatorLine {

        private final LinuxSocket socket;
        private final ByteBuffer data;
        private final LinuxSocket release;

        /** One for each member, since a socket has one destination. */
        private final List<LinuxSocket> acknowledgements = new ArrayList<>();

        Receiver(Place place) throws IOException {
            socket = new LinuxSocket(place.coordinatorSocket());
            socket.receiveManyAtOnce();
            data = socket.data().asByteBuffer();
            release = ephemeral(place);
            release.sendMulticastBy(place.address());
            release.sendTo(place.groupSocket());
            for (int member = 1; member <= place.members(); member++) {
                LinuxSocket acknowledgement = ephemeral(place);
                acknowledgement.sendTo(place.socketOf(member));
                acknowledgements.add(acknowledgement);
            }
        }

        @Override
        public void receive(Incast.Count count) throws IOException {
            int length = socket.receive();
            int datagram = socket.received(length);
            for (int at = 0; at < length; at += datagram) {
                count.add(data.getInt(at + Incast.INDEX));
            }
        }

        @Override
        public void acknowledge(int member) throws IOException {
            acknowledgements.get(member - 1).send(Integer.BYTES, Integer.BYTES);
        }

        @Override
        public void release() throws IOException {
            release.send(Integer.BYTES, Integer.BYTES);
        }

        @Override
        public void close() {}
    }

    private static LinuxSocket ephemeral(Place place) throws IOException {
        return new LinuxSocket(new InetSocketAddress(place.address(), 0));
    }
}
