package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.round.LossPolicy;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A barrier of which the coordinator and two members have measured the round trip of the way in. */
final class MeasuredBarrier {

    static final long ONE_WAY_NANOS = MICROSECONDS.toNanos(400);
    static final long ROUND_TRIP_NANOS = 2 * ONE_WAY_NANOS;

    /** Shorter than what a repetition or a separate acknowledgement would wait for. */
    private static final long PAUSE_NANOS = MILLISECONDS.toNanos(1);

    static final long SLOWER_WAY_NANOS = MICROSECONDS.toNanos(800);
    static final long SLOWER_TRIP_NANOS = 2 * SLOWER_WAY_NANOS;

    final Session session = new Session(new Faults(0, 0, ONE_WAY_NANOS, 0));
    final List<Session.Node> nodes = List.of(session.member(), session.member());
    final List<BarrierArrival> arrivals = new ArrayList<>();
    final List<JoinedGroup<BarrierArrival>> joined = new ArrayList<>();
    final ManagedGroup<BarrierRound> group;

    MeasuredBarrier() {
        group = session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        for (Session.Node node : nodes) {
            JoinedGroup<BarrierArrival> member = node.joinBarrier(0);
            joined.add(member);
            arrivals.add(member.work());
        }
        session.settle();
        assertThat(group.memberCount()).isEqualTo(2);
        assertThat(group.roundTripNanos()).as("of the welcomes").isEqualTo(ROUND_TRIP_NANOS);
        assertThat(memberRoundTrip(0)).as("of the join").isEqualTo(ROUND_TRIP_NANOS);
        assertThat(memberRoundTrip(1)).as("of the join").isEqualTo(ROUND_TRIP_NANOS);
    }

    /** As the coordinator has measured it. */
    long roundTripNanos() {
        return group.roundTripNanos();
    }

    long memberRoundTrip(int member) {
        return nodes.get(member).session.roundTripNanos();
    }

    void arriveAtMember(int member) {
        arrivals.get(member).arrive(session.now());
    }

    void arriveAtCoordinator() {
        group.work().arrive(session.now());
    }

    void pause() {
        session.network.runFor(PAUSE_NANOS);
    }

    /** All wait for each other, the given member comes last, and everybody has acknowledged everything after that. */
    void passRound(int last) {
        arriveAtCoordinator();
        arriveAtMember(1 - last);
        pause();
        arriveAtMember(last);
        session.settle();
        assertThat(arrivals.get(0).outcome().round())
                .isEqualTo(group.work().outcome().round());
    }

    void slowDown() {
        session.network.setFaults(new Faults(0, 0, SLOWER_WAY_NANOS, 0));
    }

    /** Smoothed by an eighth for each sample, as RFC 6298 has it. */
    static long smoothed(long before, long... samples) {
        long result = before;
        for (long sample : samples) {
            result += (sample - result) / 8;
        }
        return result;
    }

    void drop(ChunkType type, InetSocketAddress peer, int count) {
        int[] left = {count};
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == type && (peer.equals(source) || peer.equals(destination)) && left[0]-- > 0);
    }
}
