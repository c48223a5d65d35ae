package io.camure.benchmarks.peers;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import io.camure.benchmarks.Place;
import io.camure.benchmarks.SumMeeting;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Rounds of Hazelcast in which all nodes get the sum of their numbers. */
final class HazelcastSums {

    private HazelcastSums() {}

    /** By a topic for what members tell, and another one for what the coordinator tells. */
    static final class ByTopics extends CentralSums {

        private final HazelcastInstance instance;
        private final int nodes;
        private final ITopic<Long> others;

        ByTopics(HazelcastInstance instance, ITopic<Long> arrivals, ITopic<Long> releases, Place place) {
            super(place);
            this.instance = instance;
            nodes = place.members() + 1;
            boolean coordinator = place.isCoordinator();
            others = coordinator ? releases : arrivals;
            (coordinator ? arrivals : releases).addMessageListener(message -> onTold(message.getMessageObject()));
        }

        @Override
        public void gather() throws InterruptedException {
            HazelcastContender.gather(instance, nodes);
        }

        @Override
        void publish(long number) {
            others.publish(number);
        }

        @Override
        public void close() {
            instance.shutdown();
        }
    }

    /**
     * Each node adds its number to an entry of a map by an entry processor, which its manual has for changing an entry where it is kept;
     * who is the last one tells the others by a topic.
     */
    static final class ByMap extends SumMeeting {

        private static final String KEY = "round";

        private final HazelcastInstance instance;
        private final int nodes;
        private final IMap<String, long[]> rounds;
        private final ITopic<Long> releases;
        private final BlockingQueue<Long> told = new ArrayBlockingQueue<>(1);

        ByMap(HazelcastInstance instance, ITopic<Long> releases, Place place) {
            super(place);
            this.instance = instance;
            this.releases = releases;
            nodes = place.members() + 1;
            rounds = instance.getMap("rounds");
            releases.addMessageListener(message -> {
                if (!message.getPublishingMember().localMember()) {
                    told.add(message.getMessageObject());
                }
            });
        }

        @Override
        public void gather() throws InterruptedException {
            HazelcastContender.gather(instance, nodes);
        }

        @Override
        protected long sum(long number) throws InterruptedException {
            Arrivals arrivals = Arrivals.of(rounds.executeOnKey(KEY, new Arrival(number, nodes)));
            if (arrivals.count() < nodes) {
                return told.take();
            }
            releases.publish(arrivals.sum());
            return arrivals.sum();
        }

        @Override
        public void close() {
            instance.shutdown();
        }
    }

    /** What an entry has: an array, which Hazelcast serializes by itself. */
    private record Arrivals(long count, long sum) {

        static Arrivals of(long @Nullable [] entry) {
            return entry == null ? new Arrivals(0, 0) : new Arrivals(entry[0], entry[1]);
        }

        Arrivals and(long number) {
            return new Arrivals(count + 1, sum + number);
        }

        long[] entry() {
            return new long[] {count, sum};
        }
    }

    /** Adds a number; the last one of a round leaves the entry as the next round needs it. */
    private record Arrival(long number, int nodes) implements EntryProcessor<String, long[], long[]> {

        @Override
        public long[] process(Map.Entry<String, long[]> entry) {
            Arrivals arrivals = Arrivals.of(entry.getValue()).and(number);
            entry.setValue(arrivals.count() < nodes ? arrivals.entry() : new long[2]);
            return arrivals.entry();
        }
    }
}
