package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A legacy member and its application, which gives up what stands still. */
final class SimulatedLegacyMember implements SimulatedProcess, LegacyMember.Application {

    private static final long PATIENCE_NANOS = SECONDS.toNanos(5);

    private final SimulatedNetwork network;
    private final SimulationRecord record;
    private final SplittableRandom random;
    private final long number;
    private final InetSocketAddress address;
    private final long thinkNanos;
    private final LegacyMember member;
    private final SimulatedReader reader;
    private boolean thinking;
    private long arrivedRound = -1;
    private long roundNanos;
    private long chunkNanos;
    private boolean leaving;
    private boolean over;

    SimulatedLegacyMember(
            SimulatedNetwork network,
            SimulationRecord record,
            SplittableRandom random,
            long number,
            InetSocketAddress address,
            InetSocketAddress coordinator,
            long thinkNanos) {
        this.network = network;
        this.record = record;
        this.random = random;
        this.number = number;
        this.address = address;
        this.thinkNanos = thinkNanos;
        reader = new SimulatedReader(record, address);
        roundNanos = network.nowNanos();
        chunkNanos = roundNanos;
        member = new LegacyMember(coordinator, SimulatedMember.BARRIER, SimulatedMember.BROADCAST, this);
        network.add(address, member);
        network.receiveMulticast(address);
        member.join(roundNanos);
    }

    @Override
    public void onJoined(int group) {
        if (group == SimulatedMember.BARRIER) {
            roundNanos = network.nowNanos();
        } else {
            chunkNanos = network.nowNanos();
        }
    }

    @Override
    public void onReleased(int round, int participants) {
        record.checkOutcome(number, round, participants, false);
        record.counts().count(SimulatedFault.OLD_MEMBER_IN_ROUND);
        roundNanos = network.nowNanos();
    }

    @Override
    public void onChunk(ChunkType type, ByteBuffer payload) {
        reader.read(type, payload);
        record.counts().count(SimulatedFault.OLD_MEMBER_GOT_MESSAGE);
        chunkNanos = network.nowNanos();
    }

    @Override
    public void step() {
        if (network.isPaused(address)) {
            return;
        }
        if (isOver() || leaving || network.nowNanos() - Math.min(roundNanos, chunkNanos) > PATIENCE_NANOS) {
            over = true;
            network.kill(address);
        } else if (member.round() >= 0 && !member.isWaiting() && !thinking) {
            thinking = true;
            network.after(random.nextLong(thinkNanos), address, () -> {
                thinking = false;
                arrivedRound = member.round();
                member.arrive(network.nowNanos());
            });
        }
    }

    /** It ends without a word: what a legacy peer says then is answered as what a negotiated one says. */
    @Override
    public void leave() {
        leaving = true;
    }

    @Override
    public boolean isLeaving() {
        return leaving;
    }

    @Override
    public boolean isOver() {
        return over || member.isOver();
    }

    @Override
    public boolean hasArrived(long askedRound, int membership) {
        return arrivedRound == askedRound;
    }

    @Override
    public boolean isIn() {
        return !isOver() && member.isIn();
    }

    @Override
    public boolean hasCompleted(long askedRound) {
        return member.round() > askedRound;
    }

    @Override
    public boolean hasGot(int message) {
        return reader.lastWhole() == message;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public String toString() {
        return "legacy member at " + address;
    }
}
