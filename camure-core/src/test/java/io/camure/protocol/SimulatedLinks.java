package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The links of one simulated run between its coordinator and its members, with all the faults that links have.
 *
 * <p>Bursts of loss follow the model of Gilbert and Elliott: each direction of each link is in a good or a bad state, and
 * changes between them at random with each datagram.
 */
final class SimulatedLinks implements SimulatedNetwork.Link {

    static final long[] SPREADS_NANOS = {
        100_000, MILLISECONDS.toNanos(2), MILLISECONDS.toNanos(30), MILLISECONDS.toNanos(300)
    };

    private final SplittableRandom random;
    private final SimulatedNetwork network;
    private final InetSocketAddress coordinator;
    private final FaultCounts counts;
    private final Map<InetSocketAddress, Way> toCoordinator = new HashMap<>();
    private final Map<InetSocketAddress, Way> fromCoordinator = new HashMap<>();
    private final Set<InetSocketAddress> cutOff = new HashSet<>();
    private final Set<InetSocketAddress> deaf = new HashSet<>();
    private final Set<InetSocketAddress> neverDoubled = new HashSet<>();

    /** The longest datagrams that get to members; of those that are missing, any. */
    private final Map<InetSocketAddress, Integer> longestBytes = new HashMap<>();

    private double duplication;
    private final long minimumDelayNanos;
    private double loss;
    private long spreadNanos;

    /** How likely a good direction gets bad with a datagram; 0 for never. */
    private double burstBegins;

    private double burstEnds;
    private double lossInBurst;
    private double lossToCoordinator;
    private double lossFromCoordinator;
    private @Nullable InetSocketAddress badMember;
    private double lossOfBadMember;
    private long spikeEndNanos;
    private long spikeNanos;

    /** One direction of a link. */
    private static final class Way {
        private boolean inBurst;
        private long lastArrivalNanos;
    }

    SimulatedLinks(
            SplittableRandom random, SimulatedNetwork network, InetSocketAddress coordinator, FaultCounts counts) {
        this.random = random;
        this.network = network;
        this.coordinator = coordinator;
        this.counts = counts;
        minimumDelayNanos = random.nextLong(10_000, 1_000_000);
    }

    void lose(double share) {
        loss = share;
    }

    /** Also when the other faults have ceased. */
    void duplicate(double share) {
        duplication = share;
    }

    void loseInBursts(SplittableRandom drawn) {
        burstBegins = drawn.nextDouble(0.02);
        burstEnds = drawn.nextDouble(0.02, 0.3);
        lossInBurst = drawn.nextDouble(0.5, 1);
    }

    void delayUpTo(long nanos) {
        spreadNanos = nanos;
    }

    /** Spares a legacy member what is known to make it fail: it takes two acknowledgements of one welcome for two. */
    void neverDouble(InetSocketAddress member) {
        neverDoubled.add(member);
    }

    /** One direction of all links gets bad, until both are set to 0 again. */
    void loseOneWay(boolean to, double share) {
        lossToCoordinator = to ? share : 0;
        lossFromCoordinator = to ? 0 : share;
    }

    void loseOf(@Nullable InetSocketAddress member, double share) {
        badMember = member;
        lossOfBadMember = share;
    }

    void delay(long untilNanos, long byNanos) {
        spikeEndNanos = untilNanos;
        spikeNanos = byNanos;
    }

    void cutOff(Set<InetSocketAddress> members) {
        cutOff.addAll(members);
    }

    /** Has a member hear nothing by multicast, or hear it again. */
    void deafen(InetSocketAddress member, boolean set) {
        if (set) {
            deaf.add(member);
        } else {
            deaf.remove(member);
        }
    }

    /** Has no longer datagrams get to a member, without a word; any for {@link Integer#MAX_VALUE}. */
    void narrow(InetSocketAddress member, int bytes) {
        longestBytes.put(member, bytes);
    }

    boolean isDeaf(InetSocketAddress member) {
        boolean result = deaf.contains(member);
        if (result) {
            counts.count(SimulatedFault.DEAF);
        }
        return result;
    }

    void heal() {
        if (!cutOff.isEmpty()) {
            counts.count(SimulatedFault.HEALED);
        }
        cutOff.clear();
    }

    /** From now on datagrams arrive, soon and in order; doubled ones remain, and who is deaf or has a small path for good. */
    void cease() {
        heal();
        loss = 0;
        burstBegins = 0;
        toCoordinator.clear();
        fromCoordinator.clear();
        loseOneWay(true, 0);
        loseOf(null, 0);
        delay(0, 0);
        spreadNanos = 0;
    }

    @Override
    public void carry(
            InetSocketAddress source, InetSocketAddress destination, ChunkReader chunk, LongConsumer arrivals) {
        long now = network.nowNanos();
        boolean to = destination.equals(coordinator);
        InetSocketAddress member = to ? source : destination;
        Way way = (to ? toCoordinator : fromCoordinator).computeIfAbsent(member, any -> new Way());
        if (!to && chunk.lengthBytes() > longestBytes.getOrDefault(member, Integer.MAX_VALUE)) {
            counts.count(SimulatedFault.TOO_LONG);
            return;
        }
        if (chunk.type() == ChunkType.BROADCAST_PIECE) {
            counts.count(SimulatedFault.IN_PIECES);
        }
        SimulatedFault lostBy = lossOf(way, to, member);
        if (lostBy != null) {
            counts.count(lostBy);
            return;
        }
        arrivals.accept(delayNanos(way, now));
        if (random.nextDouble() < duplication && !neverDoubled.contains(member)) {
            counts.count(SimulatedFault.DOUBLED);
            arrivals.accept(delayNanos(way, now));
        }
    }

    private @Nullable SimulatedFault lossOf(Way way, boolean to, InetSocketAddress member) {
        way.inBurst = way.inBurst ? random.nextDouble() >= burstEnds : random.nextDouble() < burstBegins;
        if (cutOff.contains(member)) {
            return SimulatedFault.CUT_OFF;
        }
        if (way.inBurst && random.nextDouble() < lossInBurst) {
            return SimulatedFault.LOST_IN_BURST;
        }
        if (random.nextDouble() < (to ? lossToCoordinator : lossFromCoordinator)) {
            return to ? SimulatedFault.LOST_TO_COORDINATOR : SimulatedFault.LOST_FROM_COORDINATOR;
        }
        if (member.equals(badMember) && random.nextDouble() < lossOfBadMember) {
            return SimulatedFault.LOST_OF_ONE_MEMBER;
        }
        return random.nextDouble() < loss ? SimulatedFault.LOST : null;
    }

    private long delayNanos(Way way, long now) {
        long delay = minimumDelayNanos + (spreadNanos == 0 ? 0 : random.nextLong(spreadNanos));
        if (now < spikeEndNanos) {
            counts.count(SimulatedFault.DELAYED);
            delay += random.nextLong(spikeNanos);
        }
        if (now + delay < way.lastArrivalNanos) {
            counts.count(SimulatedFault.REORDERED);
        }
        way.lastArrivalNanos = Math.max(way.lastArrivalNanos, now + delay);
        return delay;
    }
}
