package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Lease;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.FencedSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A coordinator acts no longer than its lease lasts, and one that hands over is left at once. */
class FencedSessionTest {

    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 9000);

    private final SimulatedNetwork network = new SimulatedNetwork(new SplittableRandom(1), Faults.NONE);
    private final RenewedLease lease = new RenewedLease();
    private final CoordinatorSession coordinator = coordinator(lease.term());
    private final FencedSession fenced = new FencedSession(coordinator, lease);
    private final BarrierRound round = coordinator
            .create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
            .work();
    private final MemberSession member = new MemberSession(
            new MemberSettings(COORDINATOR, SECONDS.toNanos(5), 128, 1 << 20, "orders"), new Random(2));

    private static final class RenewedLease implements Lease {

        private long endNanos = SECONDS.toNanos(5);

        @Override
        public long term() {
            return 7;
        }

        @Override
        public long endNanos() {
            return endNanos;
        }
    }

    static CoordinatorSession coordinator(long term) {
        SessionSettings settings = new SessionSettings(
                SimulatedNetwork.MULTICAST,
                PathSizes.given(1472),
                SECONDS.toNanos(1),
                SECONDS.toNanos(5),
                0,
                10,
                64,
                1 << 20,
                "gate",
                GroupDelivery.MULTICAST,
                true);
        return new CoordinatorSession(settings, "", List.of(), term, new Random(term), DatagramCodec.PLAIN);
    }

    private BarrierArrival joined() {
        network.add(COORDINATOR, fenced);
        network.add(MEMBER, member);
        network.receiveMulticast(MEMBER);
        member.join(network.nowNanos());
        network.runFor(SECONDS.toNanos(1));
        JoinedGroup<BarrierArrival> group = member.join(BarrierKind.BARRIER, 0, network.nowNanos());
        network.runFor(SECONDS.toNanos(1));
        return group.work();
    }

    @Test
    void itActsWhileItsLeaseIsRenewed() {
        BarrierArrival arrival = joined();
        for (int i = 0; i < 10; i++) {
            lease.endNanos = network.nowNanos() + SECONDS.toNanos(5);
            arrival.arrive(network.nowNanos());
            round.arrive(network.nowNanos());
            network.runFor(SECONDS.toNanos(4));

            assertThat(arrival.outcome().round()).isEqualTo(i);
        }
        assertThat(member.loss()).isNull();
    }

    @Test
    void pastItNothingIsTakenAndNothingLeaves() {
        BarrierArrival arrival = joined();
        round.arrive(network.nowNanos());
        network.runFor(SECONDS.toNanos(3));
        assertThat(fenced.isOver(network.nowNanos())).isTrue();

        List<SimulatedNetwork.Transmission> sent = network.record();
        arrival.arrive(network.nowNanos());
        network.runFor(SECONDS.toNanos(20));

        assertThat(sent).isNotEmpty().noneMatch(each -> each.source().equals(COORDINATOR));
        assertThat(arrival.outcome().round()).isEqualTo(-1);
        assertThat(round.outcome().round()).isEqualTo(-1);
        assertThat(fenced.counters().dropped(DropReason.LEASE_OVER)).isPositive();
        assertThat(member.loss().cause()).isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
    }

    @Test
    void itIsToldOnceAndNothingRevivesIt() {
        joined();
        network.runFor(SECONDS.toNanos(4));
        lease.endNanos = SECONDS.toNanos(100);
        network.runFor(SECONDS.toNanos(10));

        assertThat(fenced.isOver(network.nowNanos())).isTrue();
        assertThat(fenced.nextDeadlineNanos()).isEqualTo(RetryTimer.NEVER);
        assertThat(fenced.sendsUntilNanos()).isLessThan(network.nowNanos());
        assertThat(fenced.outbox().takeEvents())
                .filteredOn(SessionEvent.LeaseEnded.class::isInstance)
                .containsExactly(new SessionEvent.LeaseEnded(7));
    }

    @Test
    void whoHandsOverIsLeftAtOnce() {
        BarrierArrival arrival = joined();
        arrival.arrive(network.nowNanos());
        fenced.handOver(0);
        network.runFor(SECONDS.toNanos(1) / 1000);

        assertThat(member.loss()).satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(Disconnection.Cause.HANDED_OVER);
            assertThat(loss.detail()).contains("gate (10.0.0.1:").contains("has handed over");
        });
        assertThat(arrival.outcome().round()).isEqualTo(-1);
    }

    /** It may be late, or made up by somebody who does not know what the two have called each other. */
    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1", "1, 1"})
    void theGoodbyeOfOrToAnotherIncarnationIsNone(long ofCoordinator, long ofMember) {
        joined();
        ByteBuffer goodbye = ByteBuffer.allocate(200);
        ChunkWriter.session(goodbye, ChunkType.SESSION_LEAVE);
        Extension.offer(Capability.ALL, 64, 1 << 20, coordinator.incarnation() + ofCoordinator)
                .withEcho(member.incarnation() + ofMember)
                .write(goodbye);
        member.onDatagram(COORDINATOR, goodbye.flip(), network.nowNanos());

        assertThat(member.loss()).isNull();
        assertThat(member.counters().dropped(DropReason.UNEXPECTED)).isOne();
    }
}
