package io.camure.benchmarks.peers;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Node;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Work;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron by multicast, or by multiple destinations that subscribe themselves.
 *
 * <p>The media driver is embedded and run by the thread that uses it, for which its documentation has the invoker mode:
 * nodes that share few processors have none to spare for a driver's threads. Buffers and the initial window are those of
 * the wiki's page on performance testing; flow control is that for the slowest of a group of known size, which the wiki has
 * for delivery to all.
 *
 * <p>A round is a message of each member on a unicast stream and one on the stream to all.
 */
public final class AeronContender implements Contender {

    private static final int STREAM_TO_ALL = 1;
    private static final int STREAM_TO_COORDINATOR = 2;
    private static final int TWO_MEGABYTES = 2 << 20;
    private static final int FRAGMENTS = 64;
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean multicast;

    public AeronContender(boolean multicast) {
        this.multicast = multicast;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public Meeting meeting(Place place) throws IOException {
        Client client = new Client(place);
        return place.isCoordinator()
                ? new CoordinatorMeeting(
                        client,
                        client.aeron.addExclusivePublication(toAll(place), STREAM_TO_ALL),
                        client.aeron.addSubscription(toCoordinator(place), STREAM_TO_COORDINATOR),
                        place.members())
                : new MemberMeeting(
                        client,
                        client.aeron.addExclusivePublication(toCoordinator(place), STREAM_TO_COORDINATOR),
                        client.aeron.addSubscription(fromCoordinator(place), STREAM_TO_ALL));
    }

    @Override
    public Sender sender(Place place) throws IOException {
        Client client = new Client(place);
        return new PublicationSender(
                client, client.aeron.addExclusivePublication(toAll(place), STREAM_TO_ALL), new UnsafeBuffer());
    }

    @Override
    public Side receiver(Place place, Sink sink) throws IOException {
        Client client = new Client(place);
        return new PollingReceiver(client, client.aeron.addSubscription(fromCoordinator(place), STREAM_TO_ALL), sink);
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

    /** A media driver and its client, both run by the caller. */
    private static final class Client implements AutoCloseable {

        private final MediaDriver driver;
        private final Aeron aeron;
        private final IdleStrategy idle = new BackoffIdleStrategy();
        private final UnsafeBuffer signal = new UnsafeBuffer(new byte[Long.BYTES]);

        Client(Place place) {
            driver = MediaDriver.launch(new MediaDriver.Context()
                    .aeronDirectoryName(place.directory().toString())
                    .dirDeleteOnStart(true)
                    .threadingMode(ThreadingMode.INVOKER)
                    .socketSndbufLength(TWO_MEGABYTES)
                    .socketRcvbufLength(TWO_MEGABYTES)
                    .initialWindowLength(TWO_MEGABYTES));
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(driver.aeronDirectoryName())
                    .driverAgentInvoker(driver.sharedAgentInvoker())
                    .useConductorAgentInvoker(true));
        }

        int work() {
            AgentInvoker driverInvoker = driver.sharedAgentInvoker();
            return (driverInvoker == null ? 0 : driverInvoker.invoke())
                    + aeron.conductorAgentInvoker().invoke();
        }

        void workUntil(BooleanSupplier done) {
            while (!done.getAsBoolean()) {
                idle.idle(work());
            }
            // The others may still need answers.
            workFor(SETTLE_NANOS);
        }

        void workFor(long nanos) {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() - end < 0) {
                idle.idle(work());
            }
        }

        void receive(Subscription subscription, Counter counter, int messages) {
            while (counter.count < messages) {
                idle.idle(work() + subscription.poll(counter, messages - counter.count));
            }
            counter.count = 0;
        }

        void offer(ExclusivePublication publication, UnsafeBuffer message) throws IOException {
            long position = publication.offer(message);
            while (position < 0) {
                if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                    throw new IOException("offering has failed: " + Publication.errorString(position));
                }
                idle.idle(work());
                position = publication.offer(message);
            }
        }

        @Override
        public void close() {
            aeron.close();
            driver.close();
        }
    }

    private record CoordinatorMeeting(
            Client client, ExclusivePublication releases, Subscription arrivals, int members, Counter counter)
            implements Meeting {

        CoordinatorMeeting(Client client, ExclusivePublication releases, Subscription arrivals, int members) {
            this(client, releases, arrivals, members, new Counter());
        }

        @Override
        public void gather() {
            client.workUntil(() -> releases.isConnected() && arrivals.imageCount() == members);
        }

        @Override
        public void await() throws IOException {
            client.receive(arrivals, counter, members);
            client.offer(releases, client.signal);
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

    private record MemberMeeting(Client client, ExclusivePublication arrivals, Subscription releases, Counter counter)
            implements Meeting {

        MemberMeeting(Client client, ExclusivePublication arrivals, Subscription releases) {
            this(client, arrivals, releases, new Counter());
        }

        @Override
        public void gather() {
            client.workUntil(() -> arrivals.isConnected() && releases.imageCount() == 1);
        }

        @Override
        public void await() throws IOException {
            client.offer(arrivals, client.signal);
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

    private record PublicationSender(Client client, ExclusivePublication publication, UnsafeBuffer buffer)
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
            client.idle.idle(client.work());
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class PollingReceiver implements Side {

        private final Client client;
        private final Subscription subscription;
        private final FragmentHandler handler;
        private volatile boolean closed;

        PollingReceiver(Client client, Subscription subscription, Sink sink) {
            this.client = client;
            this.subscription = subscription;
            handler = new FragmentAssembler((buffer, offset, length, header) ->
                    sink.onMessage(length, buffer.getLong(offset, ByteOrder.BIG_ENDIAN)));
            Node.startThread("receiver", this::poll);
        }

        private void poll() {
            while (!closed) {
                client.idle.idle(client.work() + subscription.poll(handler, FRAGMENTS));
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Counts fragments. */
    private static final class Counter implements FragmentHandler {

        private int count;

        @Override
        public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
            count++;
        }
    }
}
