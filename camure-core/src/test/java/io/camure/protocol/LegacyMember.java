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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A camure 0.1 member of at most one barrier and one broadcast: it makes no offer, acknowledges each chunk, round and welcome
 * by a bare GroupAck at once, in the group or not, and does not notice that a coordinator is gone.
 */
final class LegacyMember implements StateMachine {

    static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.3", 20000);

    /** In the place of the id of a group that it does not join. */
    static final int NO_GROUP = -1;

    private static final long JOIN_REPEAT_NANOS = SECONDS.toNanos(1);
    private static final long HEARTBEAT_NANOS = MILLISECONDS.toNanos(100);
    private static final long FIRST_REPEAT_NANOS = MILLISECONDS.toNanos(100);

    /** The ids of chunks begin here that it does not know. */
    private static final int FIRST_UNKNOWN_ID = 40;

    /** What is farther ahead is taken for something that was here before. */
    private static final int HALF_OF_THE_NUMBERS = 1 << 15;

    /** What came from the coordinator, in order. */
    final List<ChunkType> received = new ArrayList<>();

    /** The length of the last SessionWelcome. */
    int sessionWelcomeBytes;

    private final InetSocketAddress coordinator;
    private final int barrier;
    private final int broadcast;
    private final Application application;
    private final Outbox outbox = new Outbox(DatagramCodec.PLAIN);
    private final ProtocolCounters counters = new ProtocolCounters();
    private final RetryTimer joinTimer = new RetryTimer(JOIN_REPEAT_NANOS);
    private final RetryTimer arrivalTimer = new RetryTimer(SECONDS.toNanos(10));
    private final RetryTimer heartbeat = new RetryTimer(HEARTBEAT_NANOS);

    /** The chunks from the next one on, by their numbers. */
    private final Map<Integer, Kept> chunks = new HashMap<>();

    private boolean inSession;
    private int round = -1;
    private int nextChunk = -1;
    private boolean waiting;
    private boolean over;

    private record Kept(ChunkType type, byte[] payload) {}

    /** What is done with what it gets. */
    interface Application {

        default void onJoined(int group) {}

        default void onReleased(int round, int participants) {}

        /** Is given each chunk of the broadcast once, in order. */
        default void onChunk(ChunkType type, ByteBuffer payload) {}
    }

    /**
     * @param barrier the id of the barrier that it joins, or {@link #NO_GROUP}
     * @param broadcast the id of the broadcast that it joins, or {@link #NO_GROUP}
     */
    LegacyMember(InetSocketAddress coordinator, int barrier, int broadcast, Application application) {
        this.coordinator = coordinator;
        this.barrier = barrier;
        this.broadcast = broadcast;
        this.application = application;
    }

    /** A node at {@link #ADDRESS} that joins the session and a broadcast, whatever comes of it. */
    static LegacyMember joining(Session session, int broadcast) {
        LegacyMember member = new LegacyMember(Session.COORDINATOR, NO_GROUP, broadcast, new Application() {});
        session.network.add(ADDRESS, member);
        session.network.receiveMulticast(ADDRESS);
        member.join(session.now());
        return member;
    }

    /** Asks for the session, and for the groups when it is in. */
    void join(long nowNanos) {
        joinTimer.start(nowNanos, 1);
    }

    /** Arrives at the barrier, in which it must be. */
    void arrive(long nowNanos) {
        waiting = true;
        sendReached();
        arrivalTimer.start(nowNanos, FIRST_REPEAT_NANOS);
    }

    /** Leaves a group, once; what is said after that does not matter to it. */
    void leave(int group) {
        ByteBuffer leave = outbox.control();
        ChunkWriter.groupLeave(leave, group, 0);
        outbox.sendWritten(coordinator, leave);
        over = true;
    }

    /** Whether it is in its groups. */
    boolean isIn() {
        return (barrier == NO_GROUP || round >= 0) && (broadcast == NO_GROUP || nextChunk >= 0);
    }

    /** The round that comes next or that it waits for; -1 before it is in the barrier. */
    int round() {
        return round;
    }

    /** Whether it has arrived at a round that is not over. */
    boolean isWaiting() {
        return waiting;
    }

    /** Whether one of its groups was closed. */
    boolean isOver() {
        return over;
    }

    @Override
    public void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        ChunkReader chunk = new ChunkReader();
        int length = datagram.remaining();
        if (chunk.read(datagram) != null) {
            throw new AssertionError("unreadable: " + datagram);
        }
        received.add(chunk.type());
        // The type of some of them is that of the chunk in them.
        if (datagram.get(datagram.position()) >= FIRST_UNKNOWN_ID) {
            return;
        }
        switch (chunk.type()) {
            case SESSION_WELCOME -> {
                sessionWelcomeBytes = length;
                if (!inSession) {
                    inSession = true;
                    joinGroups();
                    joinTimer.start(nowNanos, JOIN_REPEAT_NANOS);
                    heartbeat.start(nowNanos, HEARTBEAT_NANOS);
                }
            }
            case GROUP_WELCOME -> onWelcome(chunk);
            case GROUP_ACK -> {
                if (chunk.sequence() == round) {
                    arrivalTimer.stop();
                }
            }
            case BARRIER_RELEASED -> onReleased(chunk);
            case BROADCAST_MESSAGE, BROADCAST_FIRST_FRAGMENT, BROADCAST_FRAGMENT, BROADCAST_FINAL_FRAGMENT ->
                onBroadcast(chunk);
            case GROUP_DISCONNECTED -> over = true;
            default -> {
                // It passes over what is not for members.
            }
        }
    }

    private void onWelcome(ChunkReader welcome) {
        acknowledge(welcome);
        if (welcome.group() == barrier && round < 0) {
            round = welcome.sequence();
            application.onJoined(barrier);
        } else if (welcome.group() == broadcast && nextChunk < 0) {
            nextChunk = welcome.sequence();
            application.onJoined(broadcast);
        }
        if (isIn()) {
            joinTimer.stop();
        }
    }

    private void onReleased(ChunkReader release) {
        acknowledge(release);
        if (waiting && release.sequence() == round) {
            waiting = false;
            arrivalTimer.stop();
            application.onReleased(round++, release.participants());
        }
    }

    private void onBroadcast(ChunkReader chunk) {
        if (chunk.group() != broadcast) {
            return;
        }
        acknowledge(chunk);
        int ahead = chunk.sequence() - nextChunk & 0xFFFF;
        if (nextChunk < 0 || ahead >= HALF_OF_THE_NUMBERS) {
            return;
        }
        byte[] payload = new byte[chunk.payloadBytes()];
        chunk.copyPayload(payload, 0);
        chunks.putIfAbsent(chunk.sequence(), new Kept(chunk.type(), payload));
        for (Kept next = chunks.remove(nextChunk); next != null; next = chunks.remove(nextChunk)) {
            nextChunk = nextChunk + 1 & 0xFFFF;
            application.onChunk(next.type(), ByteBuffer.wrap(next.payload()));
        }
    }

    private void acknowledge(ChunkReader chunk) {
        ByteBuffer ack = outbox.control();
        ChunkWriter.sequenced(ack, ChunkType.GROUP_ACK, chunk.group(), chunk.sequence());
        outbox.sendWritten(coordinator, ack);
    }

    private void joinGroups() {
        if (barrier != NO_GROUP && round < 0) {
            joinGroup(barrier, GroupType.BARRIER);
        }
        if (broadcast != NO_GROUP && nextChunk < 0) {
            joinGroup(broadcast, GroupType.BROADCAST);
        }
    }

    private void joinGroup(int group, GroupType type) {
        ByteBuffer join = outbox.control();
        ChunkWriter.groupJoin(join, group, type);
        outbox.sendWritten(coordinator, join);
    }

    private void sendSession(ChunkType type) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, type);
        outbox.sendWritten(coordinator, chunk);
    }

    private void sendReached() {
        ByteBuffer reached = outbox.control();
        ChunkWriter.sequenced(reached, ChunkType.BARRIER_REACHED, barrier, round);
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
    public boolean answersOneByOne() {
        return true;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ProtocolCounters counters() {
        return counters;
    }
}
