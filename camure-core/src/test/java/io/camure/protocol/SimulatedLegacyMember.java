package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.StateMachine;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A member of camure 0.1 and its application: it makes no offer, acknowledges each chunk, round and welcome by a bare
 * GroupAck at once, in the group or not, and does not notice that a coordinator is gone. Its application gives up what
 * stands still.
 */
final class SimulatedLegacyMember implements SimulatedProcess, StateMachine {

    private static final long JOIN_REPEAT_NANOS = SECONDS.toNanos(1);
    private static final long HEARTBEAT_NANOS = MILLISECONDS.toNanos(100);
    private static final long FIRST_REPEAT_NANOS = MILLISECONDS.toNanos(100);
    private static final long PATIENCE_NANOS = SECONDS.toNanos(5);

    /** What is farther ahead is taken for something that was here before. */
    private static final int HALF_OF_THE_NUMBERS = 1 << 15;

    private final SimulatedNetwork network;
    private final SimulationRecord record;
    private final SplittableRandom random;
    private final long number;
    private final InetSocketAddress address;
    private final InetSocketAddress coordinator;
    private final long thinkNanos;
    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final RetryTimer joinTimer = new RetryTimer(JOIN_REPEAT_NANOS);
    private final RetryTimer arrivalTimer = new RetryTimer(SECONDS.toNanos(10));
    private final RetryTimer heartbeat = new RetryTimer(HEARTBEAT_NANOS);
    private final SimulatedReader reader;

    /** The chunks from the next one on, by their numbers. */
    private final Map<Integer, Kept> chunks = new HashMap<>();

    private boolean inSession;
    private int round = -1;
    private int nextChunk = -1;
    private boolean thinking;
    private boolean waiting;
    private long arrivedRound = -1;
    private long roundNanos;
    private long chunkNanos;
    private boolean leaving;
    private boolean over;

    private record Kept(ChunkType type, byte[] payload) {}

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
        this.coordinator = coordinator;
        this.thinkNanos = thinkNanos;
        reader = new SimulatedReader(record, address);
        roundNanos = network.nowNanos();
        chunkNanos = roundNanos;
        network.add(address, this);
        network.receiveMulticast(address);
        joinTimer.start(roundNanos, 1);
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        ChunkReader chunk = new ChunkReader();
        if (chunk.read(datagram) != null) {
            throw new AssertionError("unreadable: " + datagram);
        }
        switch (chunk.type()) {
            case SESSION_WELCOME -> {
                if (!inSession) {
                    inSession = true;
                    joinGroups();
                    joinTimer.start(nowNanos, JOIN_REPEAT_NANOS);
                    heartbeat.start(nowNanos, HEARTBEAT_NANOS);
                }
            }
            case GROUP_WELCOME -> onWelcome(chunk, nowNanos);
            case GROUP_ACK -> {
                if (chunk.sequence() == round) {
                    arrivalTimer.stop();
                }
            }
            case BARRIER_RELEASED -> onReleased(chunk, nowNanos);
            case BROADCAST_MESSAGE, BROADCAST_FIRST_FRAGMENT, BROADCAST_FRAGMENT, BROADCAST_FINAL_FRAGMENT ->
                onBroadcast(chunk, nowNanos);
            case GROUP_DISCONNECTED -> over = true;
            default -> {
                // It passes over what it does not know.
            }
        }
    }

    private void onWelcome(ChunkReader welcome, long nowNanos) {
        acknowledge(welcome);
        if (welcome.group() == SimulatedMember.BARRIER && round < 0) {
            round = welcome.sequence();
            roundNanos = nowNanos;
        } else if (welcome.group() == SimulatedMember.BROADCAST && nextChunk < 0) {
            nextChunk = welcome.sequence();
            chunkNanos = nowNanos;
        }
        if (round >= 0 && nextChunk >= 0) {
            joinTimer.stop();
        }
    }

    private void onReleased(ChunkReader release, long nowNanos) {
        acknowledge(release);
        if (waiting && release.sequence() == round) {
            record.checkOutcome(number, round, release.participants(), false);
            record.counts().count(SimulatedFault.OLD_MEMBER_IN_ROUND);
            waiting = false;
            arrivalTimer.stop();
            round++;
            roundNanos = nowNanos;
        }
    }

    private void onBroadcast(ChunkReader chunk, long nowNanos) {
        acknowledge(chunk);
        int ahead = chunk.sequence() - nextChunk & 0xFFFF;
        if (nextChunk < 0 || ahead >= HALF_OF_THE_NUMBERS) {
            return;
        }
        byte[] payload = new byte[chunk.payloadBytes()];
        chunk.copyPayload(payload, 0);
        chunks.putIfAbsent(chunk.sequence(), new Kept(chunk.type(), payload));
        for (Kept next = chunks.remove(nextChunk); next != null; next = chunks.remove(nextChunk)) {
            reader.read(next.type(), ByteBuffer.wrap(next.payload()));
            record.counts().count(SimulatedFault.OLD_MEMBER_GOT_MESSAGE);
            nextChunk = nextChunk + 1 & 0xFFFF;
            chunkNanos = nowNanos;
        }
    }

    private void acknowledge(ChunkReader chunk) {
        ByteBuffer ack = outbox.control();
        ChunkWriter.sequenced(ack, ChunkType.GROUP_ACK, chunk.group(), chunk.sequence());
        outbox.sendWritten(coordinator, ack);
    }

    private void joinGroups() {
        if (round < 0) {
            ByteBuffer join = outbox.control();
            ChunkWriter.groupJoin(join, SimulatedMember.BARRIER, GroupType.BARRIER);
            outbox.sendWritten(coordinator, join);
        }
        if (nextChunk < 0) {
            ByteBuffer join = outbox.control();
            ChunkWriter.groupJoin(join, SimulatedMember.BROADCAST, GroupType.BROADCAST);
            outbox.sendWritten(coordinator, join);
        }
    }

    private void sendSession(ChunkType type) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, type);
        outbox.sendWritten(coordinator, chunk);
    }

    private void sendReached() {
        ByteBuffer reached = outbox.control();
        ChunkWriter.sequenced(reached, ChunkType.BARRIER_REACHED, SimulatedMember.BARRIER, round);
        outbox.sendWritten(coordinator, reached);
    }

    @Override
    public void onDeadline(long nowNanos) {
        if (joinTimer.isDue(nowNanos)) {
            if (inSession) {
                joinGroups();
            } else {
                sendSession(ChunkType.SESSION_JOIN);
            }
        }
        if (heartbeat.isDue(nowNanos)) {
            sendSession(ChunkType.SESSION_HEARTBEAT);
        }
        if (arrivalTimer.isDue(nowNanos)) {
            sendReached();
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return over
                ? RetryTimer.NEVER
                : Math.min(
                        joinTimer.deadlineNanos(), Math.min(heartbeat.deadlineNanos(), arrivalTimer.deadlineNanos()));
    }

    @Override
    public void step() {
        if (network.isPaused(address)) {
            return;
        }
        if (over || leaving || network.nowNanos() - Math.min(roundNanos, chunkNanos) > PATIENCE_NANOS) {
            over = true;
            network.kill(address);
        } else if (round >= 0 && !waiting && !thinking) {
            thinking = true;
            network.after(random.nextLong(thinkNanos), address, () -> {
                thinking = false;
                waiting = true;
                arrivedRound = round;
                sendReached();
                arrivalTimer.start(network.nowNanos(), FIRST_REPEAT_NANOS);
            });
        }
    }

    /** It ends without a word: what 0.1 says then is answered by the same as of a member of ours. */
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
        return over;
    }

    @Override
    public boolean hasArrived(long askedRound, int membership) {
        return arrivedRound == askedRound;
    }

    @Override
    public boolean isIn() {
        return !over && round >= 0 && nextChunk >= 0;
    }

    @Override
    public boolean hasCompleted(long askedRound) {
        return round > askedRound;
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
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ProtocolCounters counters() {
        return counters;
    }

    @Override
    public String toString() {
        return "0.1 member at " + address;
    }
}
