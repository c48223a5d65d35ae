package io.camure.benchmarks.peers;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import io.camure.benchmarks.Contender;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.Stamps;
import io.camure.benchmarks.Work;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Hazelcast with its defaults, and members found by TCP/IP as its manual recommends for production.
 *
 * <p>A round is two topics, by one of which the members tell the coordinator that they have arrived, by the other the
 * coordinator lets them go. A broadcast is a topic. The manual says that a topic drops events when a listener is too slow,
 * and that a reliable topic overwrites them or waits for their time to live, so neither holds a sender back: here members
 * acknowledge by another topic, and no more than a window is on its way.
 */
public final class HazelcastContender implements Contender {

    private static final long WINDOW = 8 << 20;
    private static final long ACKNOWLEDGE_EVERY = 1 << 20;
    private static final long MESSAGE_OVERHEAD = 1000;

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public Meeting meeting(Place place) {
        HazelcastInstance instance = start(place);
        ITopic<Integer> arrivals = instance.getTopic("arrivals");
        ITopic<Integer> releases = instance.getTopic("releases");
        Semaphore permits = new Semaphore(0);
        boolean coordinator = place.isCoordinator();
        (coordinator ? arrivals : releases).addMessageListener(message -> permits.release());
        return new TopicMeeting(instance, coordinator ? releases : arrivals, permits, coordinator, place.members());
    }

    @Override
    public Sender sender(Place place) {
        HazelcastInstance instance = start(place);
        return new TopicSender(instance, place.members());
    }

    @Override
    public Side receiver(Place place, Sink sink) {
        HazelcastInstance instance = start(place);
        ITopic<Integer> acknowledgements = instance.getTopic("acknowledgements");
        Received received = new Received(acknowledgements, sink);
        instance.<byte[]>getTopic("messages").addMessageListener(message -> received.take(message.getMessageObject()));
        return instance::shutdown;
    }

    private static HazelcastInstance start(Place place) {
        Config config = new Config();
        config.setClusterName("bench");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
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

    private static void gather(HazelcastInstance instance, int nodes) throws InterruptedException {
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

    /** How much of the window a message takes: small ones cost more than their bytes. */
    private static long weight(byte[] message) {
        return message.length + MESSAGE_OVERHEAD;
    }

    private static final class TopicSender implements Sender {

        private final HazelcastInstance instance;
        private final int members;
        private final ITopic<byte[]> messages;
        private final Semaphore acknowledged = new Semaphore(0);
        private long unacknowledged;

        TopicSender(HazelcastInstance instance, int members) {
            this.instance = instance;
            this.members = members;
            messages = instance.getTopic("messages");
            instance.<Integer>getTopic("acknowledgements").addMessageListener(message -> acknowledged.release());
        }

        @Override
        public void gather() throws InterruptedException {
            HazelcastContender.gather(instance, members + 1);
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            unacknowledged += weight(message);
            while (unacknowledged > WINDOW) {
                // Members acknowledge at the same messages, but one may be ahead by the whole window.
                acknowledged.acquire(members);
                unacknowledged -= ACKNOWLEDGE_EVERY;
            }
            messages.publish(message);
        }

        @Override
        public void close() {
            instance.shutdown();
        }
    }

    private static final class Received {

        private final ITopic<Integer> acknowledgements;
        private final Sink sink;
        private long unacknowledged;

        Received(ITopic<Integer> acknowledgements, Sink sink) {
            this.acknowledgements = acknowledgements;
            this.sink = sink;
        }

        void take(byte[] message) {
            sink.onMessage(message.length, Stamps.first(message, 0));
            unacknowledged += weight(message);
            while (unacknowledged >= ACKNOWLEDGE_EVERY) {
                unacknowledged -= ACKNOWLEDGE_EVERY;
                acknowledgements.publish(0);
            }
        }
    }
}
