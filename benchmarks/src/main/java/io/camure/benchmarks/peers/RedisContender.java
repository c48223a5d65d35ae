package io.camure.benchmarks.peers;

import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Settings;
import io.camure.benchmarks.Stamps;
import io.camure.benchmarks.Work;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RAtomicLong;
import org.redisson.api.RBatch;
import org.redisson.api.RCountDownLatch;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/**
 * Redisson on a Redis server that runs beside the coordinator and keeps nothing on disk.
 *
 * <p>A round by {@code topic} is two topics, as with Hazelcast. By {@code latch} it is a counter, at which all nodes arrive,
 * and a latch a round, which the last one opens. A sum is made by either; see {@link RedisSums}. A broadcast is a topic; as the
 * server drops the connection of a subscriber that is too slow, members acknowledge by another one, and no more than a window is on
 * its way. With {@code batch} what is published goes to the server several messages at once, as the manual has it for throughput.
 */
public final class RedisContender implements Contender {

    /** What a round can be made of. */
    public static final List<String> CONFIGURATIONS = List.of("topic", "topic.batch", "latch");

    private static final String MESSAGES = "messages";

    /** The defaults of Redisson. */
    private static final int CONNECTIONS = 64;

    private static final int CONNECTIONS_AT_FIRST = 24;

    private final boolean latch;
    private final boolean batches;

    /** @param settings topic or latch, and batch */
    public RedisContender(Settings settings) {
        batches = settings.has("batch");
        latch = settings.oneOf("topic", "latch").equals("latch");
    }

    @Override
    public Set<Work> works() {
        EnumSet<Work> works = Work.withoutCollectives();
        works.add(Work.ALLREDUCE);
        if (latch) {
            works.removeIf(work -> !work.isMeeting() && !work.isCollective());
        }
        if (batches) {
            works.removeIf(work -> work.isMeeting() || work.isCollective());
        }
        return works;
    }

    @Override
    public Meeting meeting(Place place) throws IOException, InterruptedException {
        Session session = new Session(place, CONNECTIONS);
        return latch ? new LatchMeeting(session, place) : new TopicMeeting(session, place);
    }

    @Override
    public Meeting collective(Work work, Place place) throws IOException, InterruptedException {
        Session session = new Session(place, CONNECTIONS);
        return latch ? new RedisSums.ByLatch(session, place) : new RedisSums.ByTopics(session, place);
    }

    @Override
    public Sender sender(Place place) throws IOException, InterruptedException {
        Session session = new Session(place, 1);
        return batches ? new BatchSender(session, place.members()) : new TopicSender(session, place.members());
    }

    @Override
    public Side receiver(Place place, Sink sink) throws IOException, InterruptedException {
        Session session = new Session(place, CONNECTIONS);
        RTopic acknowledgements = session.topic("acknowledgements");
        Window.Received received = new Window.Received(() -> acknowledgements.publishAsync(new byte[1]));
        session.topic(MESSAGES).addListener(byte[].class, (channel, message) -> {
            sink.onMessage(message.length, Stamps.first(message, 0));
            received.onMessage(message.length);
        });
        return session;
    }

    /** A connection, at the coordinator with the server. */
    static final class Session implements Side {

        private final @Nullable RedisServer server;
        private final RedissonClient client;

        /** @param connections what is published by several overtakes, and a listener does not get it in order */
        Session(Place place, int connections) throws IOException, InterruptedException {
            InetSocketAddress address = place.coordinatorSocket();
            server = place.isCoordinator() ? RedisServer.start(address) : null;
            Config config = new Config();
            config.useSingleServer()
                    .setAddress("redis://" + address.getAddress().getHostAddress() + ":" + address.getPort())
                    .setConnectionPoolSize(connections)
                    .setConnectionMinimumIdleSize(Math.min(connections, CONNECTIONS_AT_FIRST));
            client = Redisson.create(config);
        }

        RedissonClient client() {
            return client;
        }

        RTopic topic(String name) {
            return client.getTopic(name, ByteArrayCodec.INSTANCE);
        }

        RCountDownLatch latch(long round) {
            return client.getCountDownLatch("round-" + round);
        }

        @Override
        public void close() throws IOException {
            client.shutdown();
            if (server != null) {
                server.close();
            }
        }
    }

    /** Waits until so many listen to a topic: what is published before is lost to the others. */
    static void gather(RTopic topic, int listeners) throws InterruptedException {
        while (topic.countSubscribers() < listeners) {
            Thread.sleep(1);
        }
    }

    private static final class TopicMeeting implements Meeting {

        private static final byte[] SIGNAL = {1};

        private final Session session;
        private final RTopic others;
        private final Semaphore permits = new Semaphore(0);
        private final boolean coordinator;
        private final int members;

        TopicMeeting(Session session, Place place) {
            this.session = session;
            coordinator = place.isCoordinator();
            members = place.members();
            RTopic arrivals = session.topic("arrivals");
            RTopic releases = session.topic("releases");
            others = coordinator ? releases : arrivals;
            (coordinator ? arrivals : releases).addListener(byte[].class, (channel, message) -> permits.release());
        }

        @Override
        public void gather() throws InterruptedException {
            RedisContender.gather(others, coordinator ? members : 1);
        }

        @Override
        public void await() throws InterruptedException {
            if (coordinator) {
                permits.acquire(members);
                others.publishAsync(SIGNAL);
            } else {
                others.publishAsync(SIGNAL);
                permits.acquire();
            }
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    private static final class LatchMeeting implements Meeting {

        private final Session session;
        private final RAtomicLong arrivals;
        private final int nodes;
        private long round;

        LatchMeeting(Session session, Place place) {
            this.session = session;
            arrivals = session.client.getAtomicLong("arrivals");
            nodes = place.members() + 1;
            if (place.isCoordinator()) {
                session.latch(1).trySetCount(1);
            }
        }

        @Override
        public void await() throws InterruptedException {
            round++;
            RCountDownLatch opening = session.latch(round);
            if (arrivals.incrementAndGet() == round * nodes) {
                session.latch(round + 1).trySetCount(1);
                opening.countDown();
            } else {
                opening.await();
            }
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    private static class TopicSender implements Sender {

        private final Session session;
        private final RTopic messages;
        private final Window window;
        private final int members;

        TopicSender(Session session, int members) {
            this.session = session;
            this.members = members;
            messages = session.topic(MESSAGES);
            window = new Window(members);
            session.topic("acknowledgements").addListener(byte[].class, (channel, message) -> window.onAcknowledged());
        }

        @Override
        public void gather() throws InterruptedException {
            RedisContender.gather(messages, members);
        }

        /** What is published is encoded later, by another thread, so each message has an array of its own. */
        @Override
        public void send(byte[] message) throws InterruptedException {
            window.take(message.length);
            publish(message.clone());
        }

        void publish(byte[] message) {
            messages.publishAsync(message);
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    private static final class BatchSender extends TopicSender {

        private static final int MESSAGES_A_BATCH = 100;
        private static final int BYTES_A_BATCH = 1 << 18;

        private final RedissonClient client;
        private RBatch batch;
        private CompletableFuture<?> executed = CompletableFuture.completedFuture(null);
        private int messages;
        private int bytes;

        BatchSender(Session session, int members) {
            super(session, members);
            client = session.client;
            batch = client.createBatch();
        }

        @Override
        void publish(byte[] message) {
            batch.getTopic(MESSAGES, ByteArrayCodec.INSTANCE).publishAsync(message);
            messages++;
            bytes += message.length;
            if (messages == MESSAGES_A_BATCH || bytes >= BYTES_A_BATCH) {
                flush();
            }
        }

        @Override
        public void flush() {
            if (messages > 0) {
                // One after the other, or a listener does not get them in order; meanwhile the next one fills.
                executed.join();
                executed = batch.executeAsync().toCompletableFuture();
                batch = client.createBatch();
                messages = 0;
                bytes = 0;
            }
        }
    }
}
