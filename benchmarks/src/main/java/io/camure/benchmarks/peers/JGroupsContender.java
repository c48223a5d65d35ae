package io.camure.benchmarks.peers;

import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Settings;
import io.camure.benchmarks.Stamps;
import io.camure.benchmarks.Work;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;

/**
 * JGroups with a stack that it ships, changed as {@link JGroupsConfigurations} says. Apart from that only the addresses and
 * the capacity of the bundler are changed.
 *
 * <p>A round is a message of each member to the coordinator and one to all. For TCP, Nagle's algorithm is off as in the
 * shipped tcp-low-latency.xml. A broadcast is messages to all: NAKACK makes them reliable and ordered, and flow control holds
 * the sender back.
 *
 * <p>Its encryption is of what messages have to say, and not of the headers by which protocols talk. A signal says nothing and would pass
 * in clear, so that of a round nothing would be encrypted: there it says eight bytes.
 */
public final class JGroupsContender implements Contender {

    /**
     * Of messages, where the stacks have 16k. Their flow control lets more messages of 100 bytes than that pass, a bundler
     * drops what it has no room for, and what is sent again half a second later would be all that is measured.
     */
    private static final String BUNDLER_CAPACITY = "64k";

    private final String stack;
    private final boolean outOfBand;
    private final @Nullable String bundler;
    private final @Nullable String policy;
    private final boolean virtualThreads;
    private final boolean linkedQueue;
    private final boolean senderThreads;
    private final int credits;
    private final boolean encrypted;

    /**
     * @param transport udp or tcp
     * @param encrypted by SYM_ENCRYPT as the shipped sym-encrypt.xml has it, with AES in CBC and without authentication
     */
    public JGroupsContender(String transport, Settings settings, boolean encrypted) {
        this.encrypted = encrypted;
        String variant = settings.oneOf("", "fast", "new", "nio", "low-latency");
        stack = variant.equals("fast") ? "fast.xml" : transport + (variant.isEmpty() ? "" : "-" + variant) + ".xml";
        outOfBand = settings.has("oob");
        bundler = orNothing(settings.oneOf("", "pd", "transfer-queue", "no-bundler"));
        policy = orNothing(settings.oneOf("", "max", "direct", "all-direct", "submit", "unbatch"));
        virtualThreads = !settings.has("platform");
        linkedQueue = settings.has("linked");
        senderThreads = settings.has("sender-threads");
        credits = settings.bytesAfter("credits-", () -> 0);
    }

    private static @Nullable String orNothing(String word) {
        return word.isEmpty() ? null : word;
    }

    @Override
    public Set<Work> works() {
        EnumSet<Work> works = Work.withoutCollectives();
        if (outOfBand) {
            works.removeIf(work -> !work.isMeeting());
        }
        if (credits != 0) {
            works.removeIf(Work::isMeeting);
        }
        return works;
    }

    @Override
    public Meeting meeting(Place place) throws Exception {
        System.setProperty("tcp-nodelay", "true");
        Semaphore arrivals = new Semaphore(0);
        JChannel channel = connect(place, message -> arrivals.release());
        return new ChannelMeeting(channel, place, arrivals, outOfBand, encrypted);
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
        configure();
        JChannel channel = new JChannel(stack);
        TP transport = channel.getProtocolStack().getTransport();
        transport.setBindAddress(place.address());
        transport.setBindPort(place.ownSocket().getPort());
        if (credits != 0) {
            channel.getProtocolStack().<MFC>findProtocol(MFC.class).setMaxCredits(credits);
        }
        if (encrypted) {
            SYM_ENCRYPT encryption = new SYM_ENCRYPT().setSecretKey(new SecretKeySpec(new byte[16], "AES"));
            encryption.symAlgorithm("AES/CBC/PKCS5Padding");
            encryption.symIvLength(16);
            channel.getProtocolStack().insertProtocol(encryption, ProtocolStack.Position.BELOW, NAKACK2.class);
            encryption.init();
        }
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                handler.accept(message);
            }
        });
        channel.connect("bench");
        return channel;
    }

    /** By the system properties that the shipped stacks have for it. */
    private void configure() {
        System.setProperty("jgroups.bundler.capacity", BUNDLER_CAPACITY);
        System.setProperty("jgroups.bundler.use_ringbuffer", Boolean.toString(!linkedQueue));
        System.setProperty("jgroups.bundler.use_single_sender_thread", Boolean.toString(!senderThreads));
        if (bundler != null) {
            System.setProperty("jgroups.bundler.type", bundler);
        }
        if (policy != null) {
            System.setProperty("mpp", policy);
        }
        System.setProperty("vthreads", Boolean.toString(virtualThreads));
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
        private final boolean outOfBand;
        private final boolean encrypted;

        ChannelMeeting(JChannel channel, Place place, Semaphore arrivals, boolean outOfBand, boolean encrypted) {
            this.outOfBand = outOfBand;
            this.encrypted = encrypted;
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
                channel.send(signal(null));
            } else {
                channel.send(signal(coordinator));
                arrivals.acquire();
            }
        }

        /** @param destination nobody for all */
        @SuppressWarnings("NullAway") // JGroups says "all" by null
        private Message signal(@Nullable Address destination) {
            Message message =
                    encrypted ? new BytesMessage(destination, new byte[Long.BYTES]) : new EmptyMessage(destination);
            message.setFlag(Message.TransientFlag.DONT_LOOPBACK);
            return outOfBand ? message.setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE) : message;
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
