package io.camure.benchmarks.peers;

import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Stamps;
import io.camure.benchmarks.Work;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.TP;
import org.jspecify.annotations.Nullable;

/**
 * JGroups with a stack that it ships, udp.xml or tcp.xml, as its manual recommends to begin with. Only the addresses and
 * the capacity of the bundler are changed.
 *
 * <p>A round is a message of each member to the coordinator and one to all. They are out of band and not bundled, as the
 * manual's chapter on message flags says for what must not wait; and for TCP, Nagle's algorithm is off as in the shipped
 * tcp-low-latency.xml. A broadcast is messages to all: NAKACK2 makes them reliable and ordered, MFC holds the sender back.
 */
public final class JGroupsContender implements Contender {

    /**
     * Of messages, where the stacks have 16k. Their flow control lets more messages of 100 bytes than that pass, a bundler
     * drops what it has no room for, and what is sent again half a second later would be all that is measured.
     */
    private static final String BUNDLER_CAPACITY = "64k";

    private final String stack;

    public JGroupsContender(String stack) {
        this.stack = stack;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public Meeting meeting(Place place) throws Exception {
        System.setProperty("tcp-nodelay", "true");
        Semaphore arrivals = new Semaphore(0);
        JChannel channel = connect(place, message -> arrivals.release());
        return new ChannelMeeting(channel, place, arrivals);
    }

    @Override
    public Sender sender(Place place) throws Exception {
        return new ChannelSender(connect(place, message -> {}), place.members() + 1);
    }

    @Override
    public Side receiver(Place place, Sink sink) throws Exception {
        JChannel channel = connect(
                place,
                message -> sink.onMessage(message.getLength(), Stamps.first(message.getArray(), message.getOffset())));
        return channel::close;
    }

    private JChannel connect(Place place, Consumer<Message> handler) throws Exception {
        System.setProperty("jgroups.udp.mcast_addr", place.group().getHostAddress());
        System.setProperty(
                "jgroups.udp.mcast_port", Integer.toString(place.groupSocket().getPort()));
        System.setProperty(
                "jgroups.tcpping.initial_hosts",
                place.coordinatorSocket().getAddress().getHostAddress() + "["
                        + place.coordinatorSocket().getPort() + "]");
        System.setProperty("jgroups.bundler.capacity", BUNDLER_CAPACITY);
        JChannel channel = new JChannel(stack);
        TP transport = channel.getProtocolStack().getTransport();
        transport.setBindAddress(place.address());
        transport.setBindPort(place.ownSocket().getPort());
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                handler.accept(message);
            }
        });
        channel.connect("bench");
        return channel;
    }

    private static void gather(JChannel channel, int nodes) throws InterruptedException {
        while (channel.getView().size() < nodes) {
            Thread.sleep(1);
        }
    }

    private static final class ChannelMeeting implements Meeting {

        private final JChannel channel;
        private final Place place;
        private final Semaphore arrivals;
        private final Address coordinator;

        ChannelMeeting(JChannel channel, Place place, Semaphore arrivals) {
            this.channel = channel;
            this.place = place;
            this.arrivals = arrivals;
            coordinator = channel.getView().getCoord();
        }

        @Override
        public void gather() throws InterruptedException {
            JGroupsContender.gather(channel, place.members() + 1);
        }

        @Override
        public void await() throws Exception {
            if (place.isCoordinator()) {
                arrivals.acquire(place.members());
                channel.send(urgent(null));
            } else {
                channel.send(urgent(coordinator));
                arrivals.acquire();
            }
        }

        /** @param destination nobody for all */
        @SuppressWarnings("NullAway") // JGroups says "all" by null
        private static Message urgent(@Nullable Address destination) {
            return new EmptyMessage(destination)
                    .setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE)
                    .setFlag(Message.TransientFlag.DONT_LOOPBACK);
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    private record ChannelSender(JChannel channel, int nodes) implements Sender {

        @Override
        public void gather() throws InterruptedException {
            JGroupsContender.gather(channel, nodes);
        }

        /** JGroups keeps a message until all have it, so each one has an array of its own. */
        @Override
        @SuppressWarnings("NullAway") // JGroups says "all" by null
        public void send(byte[] message) throws Exception {
            channel.send(new BytesMessage(null, message.clone()).setFlag(Message.TransientFlag.DONT_LOOPBACK));
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
