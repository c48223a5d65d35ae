package io.camure.benchmarks;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.Coordinator;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.MembershipConfig;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.benchmarks.Contender.Meeting;
import java.util.List;

/** Rounds of camure's collectives, as its reference shows them. */
final class CamureCollectives {

    private static final CollectiveConfig<Long> SUM =
            CollectiveConfig.builder(ValueCodec.longs()).reducer(Reducer.sum()).build();
    private static final CollectiveConfig<byte[]> BYTES =
            CollectiveConfig.builder(ValueCodec.bytes()).build();

    private CamureCollectives() {}

    static Meeting atCoordinator(Work work, Place place, Coordinator session, GroupConfig group) {
        return work == Work.ALLREDUCE
                ? new Sums(place, session::close, session.createCollective(group, SUM))
                : new Gatherings(place, session::close, session.createCollective(group, BYTES));
    }

    static Meeting atMember(Work work, Place place, Member session, MembershipConfig group)
            throws InterruptedException {
        return work == Work.ALLREDUCE
                ? new Sums(place, session::close, session.joinCollective(group, SUM, Deadlines.GATHER))
                : new Gatherings(place, session::close, session.joinCollective(group, BYTES, Deadlines.GATHER));
    }

    private static final class Sums extends SumMeeting {

        private final Place place;
        private final Runnable ending;
        private final Collective<Long> collective;

        Sums(Place place, Runnable ending, Collective<Long> collective) {
            super(place);
            this.place = place;
            this.ending = ending;
            this.collective = collective;
        }

        @Override
        public void gather() throws InterruptedException {
            CamureContender.gather(collective, place.members());
        }

        @Override
        protected long sum(long number) throws InterruptedException {
            return collective.allReduce(number).value();
        }

        @Override
        public void close() {
            ending.run();
        }
    }

    private static final class Gatherings extends GatherMeeting {

        private final Place place;
        private final Runnable ending;
        private final Collective<byte[]> collective;

        Gatherings(Place place, Runnable ending, Collective<byte[]> collective) {
            super(place);
            this.place = place;
            this.ending = ending;
            this.collective = collective;
        }

        @Override
        public void gather() throws InterruptedException {
            CamureContender.gather(collective, place.members());
        }

        @Override
        protected List<byte[]> exchange(byte[] bytes) throws InterruptedException {
            return collective.allGather(bytes).value();
        }

        @Override
        public void close() {
            ending.run();
        }
    }
}
