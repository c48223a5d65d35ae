package io.camure.benchmarks.peers;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Node;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Settings;
import io.camure.benchmarks.Work;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron by multicast, or by multiple destinations that subscribe themselves; never by shared memory.
 *
 * <p>The media driver is embedded. Who runs it is a matter of configuration: the thread that uses it ({@code invoker}), for
 * nodes that share few processors have none to spare, one thread of its own ({@code shared}), two or three ({@code
 * shared-network}, {@code dedicated}). Each may wait by {@code backoff}, {@code yield} or {@code spin}. Socket buffers and the
 * initial window are those of the wiki's page on performance testing; flow control is that for the slowest of a group of known
 * size, which the wiki has for delivery to all.
 *
 * <p>A round is a message of each member on a unicast stream and one on the stream to all.
 */
public final class AeronContender implements Contender {

    /** For what its documentation, and Agrona's, ask. */
    public static final List<String> JVM_OPTIONS = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

    /** Who runs the driver, and how it waits. */
    public static final List<String> CONFIGURATIONS = List.of(
            "invoker.backoff",
            "invoker.yield",
            "invoker.spin",
            "shared.backoff",
            "shared.yield",
            "shared.spin",
            "dedicated.backoff",
            "dedicated.yield",
            "dedicated.spin");

    /** With other windows, terms and datagrams as well. */
    public static final List<String> MULTICAST_CONFIGURATIONS = List.of(
            "invoker.backoff",
            "invoker.yield",
            "invoker.spin",
            "shared.backoff",
            "shared.yield",
            "shared.spin",
            "shared-network.backoff",
            "dedicated.backoff",
            "dedicated.yield",
            "dedicated.spin",
            "invoker.backoff.window-128k",
            "invoker.backoff.term-64k",
            "invoker.backoff.term-8m",
            "invoker.backoff.mtu-8k",
            "invoker.yield.mtu-8k");

    private static final int STREAM_TO_ALL = 1;
    private static final int STREAM_TO_COORDINATOR = 2;
    private static final int FRAGMENTS = 64;
    private static final int LARGEST_MESSAGE = 1 << 20;

    private final boolean multicast;
    private final AeronSettings settings;

    /** @param multicast else by multiple destinations */
    public AeronContender(boolean multicast, Settings settings) {
        this.multicast = multicast;
        this.settings = AeronSettings.of(settings);
    }

    @Override
    public Set<Work> works() {
        EnumSet<Work> works = Work.withoutCollectives();
        if (!settings.canSend(LARGEST_MESSAGE)) {
            works.removeAll(EnumSet.of(Work.BROADCAST, Work.COLD_BROADCAST));
        }
        return works;
    }

    @Override
    public Meeting meeting(Place place) throws IOException {
        AeronClient client = new AeronClient(place, settings);
        return place.isCoordinator()
                ? new CoordinatorMeeting(
                        client,
                        client.aeron().addExclusivePublication(toAll(place), STREAM_TO_ALL),
                        client.aeron().addSubscription(toCoordinator(place), STREAM_TO_COORDINATOR),
                        place.members())
                : new MemberMeeting(
                        client,
                        client.aeron().addExclusivePublication(toCoordinator(place), STREAM_TO_COORDINATOR),
                        client.aeron().addSubscription(fromCoordinator(place), STREAM_TO_ALL));
    }

    @Override
    public Sender sender(Place place) throws IOException {
        AeronClient client = new AeronClient(place, settings);
        return new PublicationSender(
                client, client.aeron().addExclusivePublication(toAll(place), STREAM_TO_ALL), new UnsafeBuffer());
    }

    @Override
    public Side receiver(Place place, Sink sink) throws IOException {
        AeronClient client = new AeronClient(place, settings);
        return new PollingReceiver(client, client.aeron().addSubscription(fromCoordinator(place), STREAM_TO_ALL), sink);
    }

    private String toAll(Place place) {
        ChannelUriStringBuilder channel = multicast
                ? multicastChannel(place)
                : new ChannelUriStringBuilder()
                        .media(CommonContext.UDP_MEDIA)
                        .controlMode(CommonContext.MDC_CONTROL_MODE_DYNAMIC)
                        .controlEndpoint(text(place.groupControl()));
        return channel.minFlowControl(place.members(), null).build();
    }

    private String fromCoordinator(Place place) {
        ChannelUriStringBuilder channel = multicast
                ? multicastChannel(place)
                : new ChannelUriStringBuilder()
                        .media(CommonContext.UDP_MEDIA)
                        .controlMode(CommonContext.MDC_CONTROL_MODE_DYNAMIC)
                        .controlEndpoint(text(place.groupControl()))
                        .endpoint(text(place.ownSocket()));
        return channel.build();
    }

    private static ChannelUriStringBuilder multicastChannel(Place place) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.UDP_MEDIA)
                .endpoint(text(place.groupSocket()))
                .networkInterface(place.address().getHostAddress());
    }

    private static String toCoordinator(Place place) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.UDP_MEDIA)
                .endpoint(text(place.coordinatorSocket()))
                .build();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private record CoordinatorMeeting(
            AeronClient client,
            ExclusivePublication releases,
            Subscription arrivals,
            int members,
            AeronClient.Counter counter)
            implements Meeting {

        CoordinatorMeeting(AeronClient client, ExclusivePublication releases, Subscription arrivals, int members) {
            this(client, releases, arrivals, members, new AeronClient.Counter());
        }

        @Override
        public void gather() {
            client.workUntil(() -> releases.isConnected() && arrivals.imageCount() == members);
        }

        @Override
        public void await() throws IOException {
            client.receive(arrivals, counter, members);
            client.signal(releases);
            // Sends it, for nobody else does.
            client.work();
        }

        @Override
        public void rest(long nanos) {
            client.workFor(nanos);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private record MemberMeeting(
            AeronClient client, ExclusivePublication arrivals, Subscription releases, AeronClient.Counter counter)
            implements Meeting {

        MemberMeeting(AeronClient client, ExclusivePublication arrivals, Subscription releases) {
            this(client, arrivals, releases, new AeronClient.Counter());
        }

        @Override
        public void gather() {
            client.workUntil(() -> arrivals.isConnected() && releases.imageCount() == 1);
        }

        @Override
        public void await() throws IOException {
            client.signal(arrivals);
            client.receive(releases, counter, 1);
        }

        @Override
        public void rest(long nanos) {
            client.workFor(nanos);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private record PublicationSender(AeronClient client, ExclusivePublication publication, UnsafeBuffer buffer)
            implements Sender {

        @Override
        public void gather() {
            client.workUntil(publication::isConnected);
        }

        @Override
        public void send(byte[] message) throws IOException {
            buffer.wrap(message);
            client.offer(publication, buffer);
        }

        @Override
        public void flush() {
            client.work();
        }

        @Override
        public void drive() {
            client.idle(client.work());
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class PollingReceiver implements Side {

        private final AeronClient client;
        private final Subscription subscription;
        private final FragmentHandler handler;
        private volatile boolean closed;

        PollingReceiver(AeronClient client, Subscription subscription, Sink sink) {
            this.client = client;
            this.subscription = subscription;
            handler = new FragmentAssembler((buffer, offset, length, header) ->
                    sink.onMessage(length, buffer.getLong(offset, ByteOrder.BIG_ENDIAN)));
            Node.startThread("receiver", this::poll);
        }

        private void poll() {
            while (!closed) {
                client.idle(client.work() + subscription.poll(handler, FRAGMENTS));
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
