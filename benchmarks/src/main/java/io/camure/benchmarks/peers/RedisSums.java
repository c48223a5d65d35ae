package io.camure.benchmarks.peers;

import io.camure.benchmarks.Place;
import io.camure.benchmarks.SumMeeting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RTopic;

/** Rounds of Redisson in which all nodes get the sum of their numbers. */
final class RedisSums {

    private RedisSums() {}

    /** By a topic for what members tell, and another one for what the coordinator tells. */
    static final class ByTopics extends CentralSums {

        private final RedisContender.Session session;
        private final RTopic others;
        private final int listeners;

        ByTopics(RedisContender.Session session, Place place) {
            super(place);
            this.session = session;
            boolean coordinator = place.isCoordinator();
            RTopic arrivals = session.topic("arrivals");
            RTopic releases = session.topic("releases");
            others = coordinator ? releases : arrivals;
            listeners = coordinator ? place.members() : 1;
            (coordinator ? arrivals : releases)
                    .addListener(
                            byte[].class,
                            (channel, message) ->
                                    onTold(ByteBuffer.wrap(message).getLong()));
        }

        @Override
        public void gather() throws InterruptedException {
            RedisContender.gather(others, listeners);
        }

        @Override
        void publish(long number) {
            others.publishAsync(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }

    /**
     * Two counters, of the numbers and of the arrivals, to which a node adds in one transaction, and a latch a round, which the last node
     * opens; then the others read the sum.
     */
    static final class ByLatch extends SumMeeting {

        private final RedisContender.Session session;
        private final int nodes;

        /** What the counters of odd and of even rounds had before: a node may be a round ahead of one that still reads. */
        private final long[] before = new long[2];

        private long round;

        ByLatch(RedisContender.Session session, Place place) {
            super(place);
            this.session = session;
            nodes = place.members() + 1;
            if (place.isCoordinator()) {
                session.latch(1).trySetCount(1);
            }
        }

        @Override
        protected long sum(long number) throws InterruptedException {
            round++;
            int parity = (int) (round % 2);
            String counter = "sum-" + parity;
            RBatch batch = session.client()
                    .createBatch(BatchOptions.defaults().executionMode(BatchOptions.ExecutionMode.IN_MEMORY_ATOMIC));
            batch.getAtomicLong(counter).addAndGetAsync(number);
            batch.getAtomicLong("arrivals").incrementAndGetAsync();
            List<?> counts = batch.execute().getResponses();
            long total;
            if (counts.get(1).equals(round * nodes)) {
                session.latch(round + 1).trySetCount(1);
                session.latch(round).countDown();
                total = (Long) counts.get(0);
            } else {
                session.latch(round).await();
                total = session.client().getAtomicLong(counter).get();
            }
            long sum = total - before[parity];
            before[parity] = total;
            return sum;
        }

        @Override
        public void close() throws IOException {
            session.close();
        }
    }
}
