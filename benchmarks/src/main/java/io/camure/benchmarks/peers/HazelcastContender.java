package io.camure.benchmarks.peers;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ReliableTopicConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Settings;
import io.camure.benchmarks.Stamps;
import io.camure.benchmarks.Work;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Hazelcast with its defaults, and members found by TCP/IP as its manual recommends for production.
 *
 * <p>A round is two topics, by one of which the members tell the coordinator that they have arrived, by the other the
 * coordinator lets them go. Its latches and counters belong to the CP subsystem, which since 5.5 the community edition refuses
 * as a licensed feature. A sum is made by the same two topics, or with {@code map} by an entry processor; see {@link HazelcastSums}. A
 * broadcast is a topic, or with {@code reliable} a topic that is kept in a ring buffer, from which listeners read in batches of 10 or,
 * with {@code batch}, 500. The manual says that a topic drops events when a listener is too slow, and that a reliable topic overwrites
 * them or waits for their time to live, so neither holds a sender back: here members acknowledge by another topic, and no more than a
 * window is on its way.
 */
public final class HazelcastContender implements Contender {

    /** What Java since 9 has to be told according to its manual. */
    public static final List<String> JVM_OPTIONS = List.of(
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    /** The topics that it has, and its map. */
    public static final List<String> CONFIGURATIONS = List.of("topic", "reliable", "reliable.batch", "map");

    private static final int BATCH = 500;

    private final boolean map;
    private final boolean reliable;
    private final boolean batches;

    /** @param settings topic, reliable or map, and batch */
    public HazelcastContender(Settings settings) {
        String means = settings.oneOf("topic", "reliable", "map");
        map = means.equals("map");
        reliable = means.equals("reliable");
        batches = settings.has("batch");
    }

    @Override
    public Set<Work> works() {
        EnumSet<Work> works = map ? EnumSet.noneOf(Work.class) : Work.withoutCollectives();
        works.add(Work.ALLREDUCE);
        return works;
    }

    @Override
    public Meeting meeting(Place place) {
        HazelcastInstance instance = start(place);
        ITopic<Integer> arrivals = topic(instance, "arrivals");
        ITopic<Integer> releases = topic(instance, "releases");
        Semaphore permits = new Semaphore(0);
        boolean coordinator = place.isCoordinator();
        (coordinator ? arrivals : releases).addMessageListener(message -> permits.release());
        return new TopicMeeting(instance, coordinator ? releases : arrivals, permits, coordinator, place.members());
    }

    @Override
    public Meeting collective(Work work, Place place) {
        HazelcastInstance instance = start(place);
        ITopic<Long> releases = topic(instance, "releases");
        return map
                ? new HazelcastSums.ByMap(instance, releases, place)
                : new HazelcastSums.ByTopics(instance, topic(instance, "arrivals"), releases, place);
    }

    @Override
    public Sender sender(Place place) {
        HazelcastInstance instance = start(place);
        Window window = new Window(place.members());
        this.<Integer>topic(instance, "acknowledgements").addMessageListener(message -> window.onAcknowledged());
        return new TopicSender(instance, topic(instance, "messages"), window, place.members());
    }

    @Override
    public Side receiver(Place place, Sink sink) {
        HazelcastInstance instance = start(place);
        ITopic<Integer> acknowledgements = topic(instance, "acknowledgements");
        Window.Received received = new Window.Received(() -> acknowledgements.publish(0));
        this.<byte[]>topic(instance, "messages").addMessageListener(message -> {
            byte[] content = message.getMessageObject();
            sink.onMessage(content.length, Stamps.first(content, 0));
            received.onMessage(content.length);
        });
        return instance::shutdown;
    }

    private <T> ITopic<T> topic(HazelcastInstance instance, String name) {
        return reliable ? instance.getReliableTopic(name) : instance.getTopic(name);
    }

    private HazelcastInstance start(Place place) {
        Config config = new Config();
        config.setClusterName("bench");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        if (batches) {
            config.addReliableTopicConfig(new ReliableTopicConfig("*").setReadBatchSize(BATCH));
        }
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(place.ownSocket().getPort()).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface(place.address().getHostAddress());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        InetSocketAddress coordinator = place.coordinatorSocket();
        join.getTcpIpConfig()
                .setEnabled(true)
                .addMember(coordinator.getAddress().getHostAddress() + ":" + coordinator.getPort());
        return Hazelcast.newHazelcastInstance(config);
    }

    static void gather(HazelcastInstance instance, int nodes) throws InterruptedException {
        while (instance.getCluster().getMembers().size() < nodes) {
            Thread.sleep(1);
        }
    }

    private record TopicMeeting(
            HazelcastInstance instance, ITopic<Integer> others, Semaphore permits, boolean coordinator, int members)
            implements Meeting {

        @Override
        public void gather() throws InterruptedException {
            HazelcastContender.gather(instance, members + 1);
        }

        @Override
        public void await() throws InterruptedException {
            if (coordinator) {
                permits.acquire(members);
                others.publish(0);
            } else {
                others.publish(0);
                permits.acquire();
            }
        }

        @Override
        public void close() {
            instance.shutdown();
        }
    }

    private record TopicSender(HazelcastInstance instance, ITopic<byte[]> messages, Window window, int members)
            implements Sender {

        @Override
        public void gather() throws InterruptedException {
            HazelcastContender.gather(instance, members + 1);
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            window.take(message.length);
            messages.publish(message);
        }

        @Override
        public void close() {
            instance.shutdown();
        }
    }
}
