package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Lease;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.FencedSession;
import io.camure.protocol.session.MemberSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A coordinator that is stopped, cut off or slow, and its successor, which is elected once the lease of the first has run out by
 * the clock of who gives it: with clocks that run up to a tenth too fast or too slow, nothing of the old term happens after the
 * first of the new one.
 */
class FencedElectionTest {

    /** By the clock of who gives the lease. */
    private static final long TTL_NANOS = SECONDS.toNanos(5);

    /** By the clock of the coordinator: less a margin that its speed needs. */
    private static final long LEASE_NANOS = TTL_NANOS * 8 / 10;

    private static final long RENEWAL_NANOS = SECONDS.toNanos(1);
    private static final int MEMBERS = 3;

    static int[] seeds() {
        return new Random(1).ints(60).toArray();
    }

    private static InetSocketAddress coordinatorAddress(int term) {
        return new InetSocketAddress("10.0.0." + term, 7400);
    }

    /** A node whose clock does not run as that of the network does. */
    private record OwnClock(StateMachine node, double rate) implements StateMachine {

        long own(long nanos) {
            return (long) (nanos * rate);
        }

        private long networks(long ownNanos) {
            return ownNanos == Long.MAX_VALUE || ownNanos == Long.MIN_VALUE
                    ? ownNanos
                    : (long) Math.ceil(ownNanos / rate) + 1;
        }

        @Override
        public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
            node.onDatagram(source, datagram, own(nowNanos));
        }

        @Override
        public void onDeadline(long nowNanos) {
            node.onDeadline(own(nowNanos));
        }

        @Override
        public long nextDeadlineNanos() {
            return networks(node.nextDeadlineNanos());
        }

        @Override
        public long sendsUntilNanos() {
            return networks(node.sendsUntilNanos());
        }

        @Override
        public boolean answersOneByOne() {
            return node.answersOneByOne();
        }

        @Override
        public Outbox outbox() {
            return node.outbox();
        }

        @Override
        public ProtocolCounters counters() {
            return node.counters();
        }
    }

    private record Taken(int term, long round, long atNanos) {}

    private final class Elected implements Lease {

        final int term;
        final double rate = random.nextDouble(0.9, 1.1);
        final CoordinatorSession session;
        final FencedSession fenced;
        final BarrierRound round;
        final OwnClock clock;
        long endNanos;

        Elected(int term) {
            this.term = term;
            session = FencedSessionTest.coordinator(term);
            fenced = new FencedSession(session, this);
            clock = new OwnClock(fenced, rate);
            endNanos = clock.own(network.nowNanos()) + LEASE_NANOS;
            round = session.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
                    .work();
            network.add(coordinatorAddress(term), clock);
            arrive(-1);
            renew();
        }

        @Override
        public long term() {
            return term;
        }

        @Override
        public long endNanos() {
            return endNanos;
        }

        /** Asks for its lease as a thread of its own does: what it has asked for may come when it is stopped, or not at all. */
        private void renew() {
            network.after(RENEWAL_NANOS, coordinatorAddress(term), () -> {
                long asked = network.nowNanos();
                if (term == 2 || asked < cutOffNanos && electedNanos == Long.MAX_VALUE) {
                    givenNanos[term] = asked;
                    network.after(
                            MILLISECONDS.toNanos(random.nextLong(0, 500)),
                            coordinatorAddress(term),
                            () -> endNanos = Math.max(endNanos, clock.own(asked) + LEASE_NANOS));
                }
                renew();
            });
        }

        /** Arrives as soon as it knows that the round before is over. */
        private void arrive(long seen) {
            network.after(MILLISECONDS.toNanos(10), coordinatorAddress(term), () -> {
                long nowNanos = clock.own(network.nowNanos());
                long now = seen;
                if (!fenced.isOver(nowNanos)) {
                    now = round.outcome().round();
                    if (now > seen) {
                        atCoordinators.add(new Taken(term, now, network.nowNanos()));
                    }
                    round.arrive(nowNanos);
                }
                arrive(now);
            });
        }
    }

    /** A member that joins one session after the other, of coordinators whose terms do not decrease. */
    private final class Follower {

        final List<Taken> taken = new ArrayList<>();
        final int number;
        private int lives;
        private int seenTerm;
        private InetSocketAddress address = coordinatorAddress(9);
        private @Nullable MemberSession session;
        private @Nullable JoinedGroup<BarrierArrival> group;
        private int asked = 2;
        private long seenRound;

        Follower(int number) {
            this.number = number;
            act();
        }

        private void act() {
            network.after(MILLISECONDS.toNanos(10), this::actNow);
        }

        private void actNow() {
            long nowNanos = network.nowNanos();
            MemberSession in = session;
            if (in == null || in.loss() != null) {
                network.kill(address);
                begin(nowNanos);
            } else if (in.isJoined()) {
                seenTerm = Math.max(seenTerm, asked);
                JoinedGroup<BarrierArrival> barrier = group;
                if (barrier == null || barrier.state() == JoinedGroup.State.OUT) {
                    if (barrier != null) {
                        in.removeGroup(barrier);
                    }
                    group = in.join(BarrierKind.BARRIER, 0, nowNanos);
                    seenRound = -1;
                } else if (barrier.state() == JoinedGroup.State.JOINED) {
                    long round = barrier.work().outcome().round();
                    if (seenRound >= 0 && round > seenRound) {
                        taken.add(new Taken(asked, round, nowNanos));
                    }
                    seenRound = Math.max(round, 0);
                    barrier.work().arrive(nowNanos);
                }
            }
            act();
        }

        private void begin(long nowNanos) {
            asked = 3 - asked;
            lives++;
            address = new InetSocketAddress("10.0.1." + number, 9000 + lives);
            MemberSession begun = new MemberSession(
                    new MemberSettings(
                            coordinatorAddress(asked), SECONDS.toNanos(3), 128, 1 << 20, "m" + number, "", 0, seenTerm),
                    new Random(random.nextLong()));
            session = begun;
            group = null;
            network.add(address, begun);
            network.receiveMulticast(address);
            begun.join(nowNanos);
            // Who does not answer for long is not there.
            network.after(SECONDS.toNanos(1), address, () -> {
                if (!begun.isJoined()) {
                    begun.leave();
                }
            });
        }
    }

    private SplittableRandom random;
    private SimulatedNetwork network;
    private long cutOffNanos;
    private final long[] givenNanos = new long[3];
    private final List<Taken> atCoordinators = new ArrayList<>();
    private long electedNanos = Long.MAX_VALUE;

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingOfTheOldTermHappensAfterTheFirstOfTheNewOne(int seed) {
        random = new SplittableRandom(seed);
        network = new SimulatedNetwork(
                random.split(),
                new Faults(random.nextDouble(0.2), random.nextDouble(0.1), 50_000, random.nextLong(1, 5_000_000)));
        cutOffNanos = random.nextLong(SECONDS.toNanos(2), SECONDS.toNanos(12));
        List<SimulatedNetwork.Transmission> sent = network.record();
        new Elected(1);
        List<Follower> followers = new ArrayList<>();
        for (int i = 1; i <= MEMBERS; i++) {
            followers.add(new Follower(i));
        }
        stopAtTimes(1);
        electSuccessor();
        network.runFor(SECONDS.toNanos(45));

        assertThat(sent).anyMatch(each -> each.source().equals(coordinatorAddress(1)));
        assertThat(sent)
                .filteredOn(each -> each.atNanos() >= electedNanos)
                .noneMatch(each -> each.source().equals(coordinatorAddress(1)))
                .anyMatch(each -> each.source().equals(coordinatorAddress(2)));
        assertThat(atCoordinators)
                .allMatch(each -> each.term() == 2 || each.atNanos() < electedNanos)
                .anyMatch(each -> each.term() == 2);
        for (Follower follower : followers) {
            assertThat(follower.taken).anyMatch(each -> each.term() == 2);
            for (int i = 1; i < follower.taken.size(); i++) {
                assertThat(follower.taken.get(i).term())
                        .isGreaterThanOrEqualTo(follower.taken.get(i - 1).term());
            }
        }
    }

    private void stopAtTimes(int term) {
        for (int i = 0; i < 3; i++) {
            long atNanos = random.nextLong(SECONDS.toNanos(20));
            network.after(atNanos, () -> network.pause(coordinatorAddress(term)));
            network.after(
                    atNanos + random.nextLong(SECONDS.toNanos(12)), () -> network.resume(coordinatorAddress(term)));
        }
    }

    /** As soon as the lease that was given last has run out. */
    private void electSuccessor() {
        network.after(MILLISECONDS.toNanos(100), () -> {
            if (network.nowNanos() >= givenNanos[1] + TTL_NANOS) {
                electedNanos = network.nowNanos();
                new Elected(2);
            } else {
                electSuccessor();
            }
        });
    }
}
