package io.camure.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.session.MemberSession;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.wire.ChunkType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A negotiated member and its application, which waits at the barrier again and again and reads all messages. */
final class SimulatedMember implements SimulatedProcess {

    static final int BARRIER = 0;
    static final int BROADCAST = 1;

    private static final int WINDOW_CHUNKS = 128;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final long JOIN_TIMEOUT_NANOS = SECONDS.toNanos(10);

    private final SimulatedNetwork network;
    private final SimulationRecord record;
    private final SplittableRandom random;
    private final long number;
    private final InetSocketAddress address;
    private final MemberSession session;
    private final DatagramCodec codec;
    private final long timeoutNanos;
    private final long thinkNanos;
    private final long startNanos;
    private @Nullable SimulatedArrivals arrivals;
    private @Nullable JoinedGroup<BroadcastReceiving> broadcast;
    private @Nullable SimulatedReader reader;
    private final Map<Integer, SimulatedArrivals> arrivalsByMembership = new HashMap<>();
    private final SimulatedGiving giving;
    private boolean joining;
    private boolean leaving;
    private boolean comingBack;
    private boolean over;
    private boolean reading = true;
    private long leftNanos;

    /** @param number odd, so that it can be the incarnation */
    SimulatedMember(
            SimulatedNetwork network,
            SimulationRecord record,
            SplittableRandom random,
            long number,
            InetSocketAddress address,
            InetSocketAddress coordinator,
            long timeoutNanos,
            SimulatedCoordinator.Plan plan) {
        this.network = network;
        this.record = record;
        this.random = random;
        this.number = number;
        this.address = address;
        this.timeoutNanos = timeoutNanos;
        thinkNanos = plan.thinkNanos();
        startNanos = network.nowNanos();
        MemberSettings settings = new MemberSettings(
                coordinator,
                timeoutNanos,
                WINDOW_CHUNKS,
                RECEIVE_BUFFER_BYTES,
                "member",
                SimulatedCoordinator.SESSION_NAME);
        SimulatedCoordinator.Sealing sealing = plan.sealing();
        codec = sealing == null
                ? DatagramCodec.PLAIN
                : new MemberCodec(sealing.secret(), coordinator, sealing.limits(), random.split());
        session = new MemberSession(settings, () -> number, codec);
        giving = new SimulatedGiving(network, this, session, record.values(), random.split(), thinkNanos);
        network.add(address, session);
        session.join(startNanos);
    }

    @Override
    public void step() {
        if (over || network.isPaused(address)) {
            return;
        }
        boolean joinFailed = !session.isJoined() && network.nowNanos() - startNanos > JOIN_TIMEOUT_NANOS;
        if (session.loss() != null || joinFailed) {
            if (!joinFailed) {
                record.counts().count(SimulatedFault.COORDINATOR_LOST);
            }
            end();
            return;
        }
        if (session.isJoined()) {
            useGroups();
        } else if (leaving) {
            end();
        }
    }

    private void useGroups() {
        giving.step(leaving);
        SimulatedArrivals barrier = arrivals;
        JoinedGroup<BroadcastReceiving> messages = broadcast;
        if (barrier == null || messages == null) {
            if (leaving) {
                session.leave();
                end();
            } else if (!joining) {
                joining = true;
                network.receiveMulticast(address);
                network.after(random.nextLong(thinkNanos), address, this::join);
            }
            return;
        }
        barrier.step();
        readMessages(messages);
        boolean outOfBarrier = barrier.group().state() == JoinedGroup.State.OUT;
        boolean outOfBroadcast = messages.state() == JoinedGroup.State.OUT;
        long endNanos = Math.max(leftNanos + timeoutNanos, network.resumedNanos(address)) + 1;
        if ((leaving || comingBack) && network.nowNanos() > endNanos && !(outOfBarrier && outOfBroadcast)) {
            throw new AssertionError(this + " has not left within its timeout");
        }
        if (knowsOfClosing()) {
            return;
        }
        if (outOfBarrier && outOfBroadcast) {
            checkEnd(barrier.group());
            checkEnd(messages);
            session.removeGroup(barrier.group());
            session.removeGroup(messages);
            arrivals = null;
            broadcast = null;
            joining = false;
            comingBack = false;
        } else if (outOfBarrier && !isClosed(barrier.group()) || outOfBroadcast && !isClosed(messages)) {
            // One of them was taken from it, so it leaves the other, too, to come back into both.
            comeBack(barrier.group(), messages);
        }
    }

    private void checkEnd(JoinedGroup<?> group) {
        Disconnection why = group.disconnection();
        if (why == null) {
            throw new AssertionError(this + " is out of group " + group.id() + " without a reason");
        }
        if (why.cause() == Disconnection.Cause.EVICTED) {
            record.counts().count(SimulatedFault.EVICTED);
        } else if (why.cause() == Disconnection.Cause.TOO_SLOW) {
            record.counts().count(SimulatedFault.TOO_SLOW);
        }
    }

    private void join() {
        if (session.loss() == null && !leaving) {
            long now = network.nowNanos();
            JoinedGroup<BarrierArrival> barrier = session.join(BarrierKind.BARRIER, BARRIER, now);
            arrivals = new SimulatedArrivals(network, record, this, random.split(), thinkNanos, barrier);
            broadcast = session.join(BroadcastKind.BROADCAST, BROADCAST, now);
            arrivalsByMembership.put(barrier.membership(), arrivals);
            reader = new SimulatedReader(record, address);
        }
    }

    private void readMessages(JoinedGroup<BroadcastReceiving> group) {
        if (group.state() == JoinedGroup.State.JOINING || !reading && group.state() == JoinedGroup.State.JOINED) {
            return;
        }
        ReceiveWindow window = group.work().window();
        // A reader that is slow at times.
        while (window.nextType() != null && (random.nextInt(8) != 0 || group.state() != JoinedGroup.State.JOINED)) {
            ChunkType type = window.nextType();
            byte[] payload = new byte[window.nextBytes()];
            window.read(payload, 0, payload.length, network.nowNanos());
            if (reader != null && type != null) {
                reader.read(type, ByteBuffer.wrap(payload));
            }
        }
    }

    /** Whether its application reads messages from now on. */
    void read(boolean on) {
        reading = on;
    }

    /** Leaves the groups, and joins them again in the same session. */
    void comeBack() {
        if (arrivals != null && broadcast != null && !leaving && !comingBack && session.loss() == null) {
            record.counts().count(SimulatedFault.CAME_BACK);
            comeBack(arrivals.group(), broadcast);
        }
    }

    private void comeBack(JoinedGroup<?> barrier, JoinedGroup<?> messages) {
        if (!comingBack) {
            comingBack = true;
            leaveGroups(barrier, messages);
        }
    }

    private void leaveGroups(JoinedGroup<?> barrier, JoinedGroup<?> messages) {
        leftNanos = network.nowNanos();
        barrier.leave(leftNanos);
        messages.leave(leftNanos);
    }

    @Override
    public void leave() {
        leaving = true;
        if (arrivals != null && broadcast != null && session.loss() == null && !comingBack) {
            leaveGroups(arrivals.group(), broadcast);
        }
    }

    private void end() {
        over = true;
        // What it has to say last is on its way before the process is gone.
        network.after(0, () -> {
            if (network.node(address) == session) {
                network.kill(address);
            }
        });
    }

    /** Whether its process lives. */
    boolean isPresent() {
        return network.node(address) == session;
    }

    /** By what it opens datagrams, also when it is gone. */
    DatagramCodec codec() {
        return codec;
    }

    @Override
    public boolean isIn() {
        return !over
                && arrivals != null
                && broadcast != null
                && arrivals.group().state() == JoinedGroup.State.JOINED
                && broadcast.state() == JoinedGroup.State.JOINED;
    }

    @Override
    public boolean hasCompleted(long round) {
        return arrivals != null && arrivals.completedRound() >= round;
    }

    /** How far it is in the collective. */
    SimulatedGiving giving() {
        return giving;
    }

    /** Whether the end of a round of the collective is known to it. */
    boolean hasGiven(long round) {
        return giving.lastRound() >= round;
    }

    @Override
    public boolean hasGot(int message) {
        return reader != null && reader.lastWhole() == message;
    }

    /** Whether both groups have ended for it as the coordinator wanted. */
    boolean knowsOfClosing() {
        return isClosed(arrivals == null ? null : arrivals.group()) && isClosed(broadcast);
    }

    private static boolean isClosed(@Nullable JoinedGroup<?> group) {
        Disconnection why = group == null ? null : group.disconnection();
        return why != null && why.cause() == Disconnection.Cause.GROUP_CLOSED;
    }

    @Override
    public boolean hasArrived(long round, int membership) {
        SimulatedArrivals asked = arrivalsByMembership.get(membership);
        return asked != null && asked.hasArrived(round);
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
    public boolean isLeaving() {
        return leaving;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    /** Whether it still takes the coordinator for alive. */
    boolean isInSession() {
        return !over && session.isJoined() && session.loss() == null;
    }

    @Override
    public String toString() {
        return "member " + (int) number + " at " + address;
    }
}
