package io.camure.test.support;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A member as camure 0.1 makes it: it acknowledges welcomes, releases and data of its groups by itself, before anybody
 * looks at them and as often as they come, and sends a heartbeat when it has heard nothing for the heartbeat interval.
 * All else is up to the script.
 */
public final class ScriptedMember implements AutoCloseable {

    private final InetSocketAddress coordinator;
    private final Inbox inbox = new Inbox(chunk -> false);
    private final LoopbackSockets sockets;

    /** Those that it has asked to join; it acknowledges what is theirs. */
    private final Set<Integer> askedGroups = ConcurrentHashMap.newKeySet();

    /** Those that it was welcomed to, and from which sequence number on; it ignores all other traffic of groups. */
    private final Map<Integer, Integer> groups = new ConcurrentHashMap<>();

    private final Set<Chunk> seen = ConcurrentHashMap.newKeySet();
    private volatile Acknowledging acknowledging = Acknowledging.EVERYTHING;
    private volatile boolean leavesWhenDisconnected;

    /** What a member acknowledges by itself. */
    private enum Acknowledging {
        EVERYTHING,
        REPETITIONS,
        NOTHING
    }

    public ScriptedMember(InetSocketAddress coordinator) {
        this.coordinator = coordinator;
        sockets = new LoopbackSockets(new Receiving()).start();
    }

    /** A member of a group that has fallen silent: no sign of life, no acknowledgement. It does not hear group traffic. */
    public static ScriptedMember silent(InetSocketAddress coordinator, int group, int type) {
        ScriptedMember member = new ScriptedMember(coordinator);
        member.askForSession();
        member.joinGroup(group, type);
        return member.withoutAcknowledging();
    }

    /** A member that has joined the session. */
    public static ScriptedMember inSession(InetSocketAddress coordinator) {
        ScriptedMember member = new ScriptedMember(coordinator);
        member.joinSession();
        return member;
    }

    private final class Receiving implements LoopbackSockets.Handler {

        @Override
        public void onChunk(InetSocketAddress source, boolean byMulticast, Chunk chunk) {
            boolean repeated = !seen.add(chunk.asReadBy01());
            if (isAcknowledged(chunk, repeated)) {
                sockets.send(Chunk.ack(chunk.group(), chunk.sequence()), source);
            }
            if (leavesWhenDisconnected && chunk.equals(Chunk.disconnected(chunk.group(), ""))) {
                sockets.send(Chunk.leave(chunk.group()), source);
            }
            if (chunk.id() == Chunk.GROUP_WELCOME_ID) {
                groups.put(chunk.group(), chunk.sequence());
            }
            if (!byMulticast || isOfItsMembership(chunk)) {
                inbox.add(byMulticast ? "multicast" : "unicast", chunk);
            }
        }

        /** What was sent to the group before the welcome may be read after it: it comes by another socket. */
        private boolean isOfItsMembership(Chunk chunk) {
            Integer start = groups.get(chunk.group());
            return start != null && (!chunk.isSequenced() || (short) (chunk.sequence() - start) >= 0);
        }

        private boolean isAcknowledged(Chunk chunk, boolean repeated) {
            boolean wanted =
                    acknowledging == Acknowledging.EVERYTHING || acknowledging == Acknowledging.REPETITIONS && repeated;
            return wanted
                    && (chunk.isData() || chunk.id() == Chunk.GROUP_WELCOME_ID || chunk.id() == Chunk.RELEASED_ID)
                    && askedGroups.contains(chunk.group());
        }

        @Override
        public void onSilence() {
            send(Chunk.HEARTBEAT);
        }
    }

    public InetSocketAddress address() {
        return sockets.address();
    }

    public ScriptedMember send(Chunk chunk) {
        if (chunk.id() == Chunk.GROUP_JOIN_ID && chunk.bytes().length >= 4) {
            askedGroups.add(chunk.group());
        }
        sockets.send(chunk, coordinator);
        return this;
    }

    /** Takes the next chunk, which must be this one, or a repetition of one that was taken. */
    public ScriptedMember expect(Chunk chunk) {
        take(chunk.toString(), chunk::equals);
        return this;
    }

    /** As {@link #expect}, for a chunk that came to the group address. */
    public ScriptedMember expectByMulticast(Chunk chunk) {
        inbox.take(chunk + " by multicast", way -> way.equals("multicast"), chunk::equals);
        return this;
    }

    /** Waits for the first chunk that fits, and takes it with all of its bytes. */
    public Chunk take(String description, Predicate<Chunk> fitting) {
        return inbox.take(description, fitting);
    }

    public int count(Predicate<Chunk> fitting) {
        return inbox.count(fitting);
    }

    /** Joins the session and hears group traffic from then on; gives back the welcome. */
    public Chunk joinSession() {
        Chunk welcome = askForSession();
        hearGroupTraffic(welcome);
        sockets.setSilenceMillis(1000);
        return welcome;
    }

    /** Joins the session, but neither hears group traffic nor sends signs of life by itself; gives back the welcome. */
    public Chunk askForSession() {
        send(Chunk.SESSION_JOIN);
        return take("SessionWelcome", chunk -> chunk.id() == Chunk.SESSION_WELCOME_ID);
    }

    /** Hears group traffic from now on. */
    public void hearGroupTraffic(Chunk welcome) {
        sockets.joinMulticast(multicastAddress(welcome));
    }

    public static InetSocketAddress multicastAddress(Chunk welcome) {
        byte[] bytes = welcome.bytes();
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(Arrays.copyOfRange(bytes, 13, 17)),
                    (bytes[17] & 0xFF) << 8 | bytes[18] & 0xFF);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Joins a group; gives back the sequence number of the welcome. */
    public int joinGroup(int group, int type) {
        send(Chunk.groupJoin(group, type));
        return expectGroupWelcome(group);
    }

    public int expectGroupWelcome(int group) {
        return take("GroupWelcome " + group, chunk -> chunk.id() == Chunk.GROUP_WELCOME_ID && chunk.group() == group)
                .sequence();
    }

    /** Acknowledges the welcome to a group, which it must not do by itself. */
    public ScriptedMember confirmWelcome(int group) {
        return send(Chunk.ack(group, expectGroupWelcome(group)));
    }

    /** Acknowledges nothing by itself any more, as when all its acknowledgements are lost. */
    public ScriptedMember withoutAcknowledging() {
        acknowledging = Acknowledging.NOTHING;
        return this;
    }

    /** Acknowledges by itself only what it was sent before: the rest is up to the script. */
    public ScriptedMember acknowledgingRepetitions() {
        acknowledging = Acknowledging.REPETITIONS;
        return this;
    }

    public ScriptedMember acknowledging() {
        acknowledging = Acknowledging.EVERYTHING;
        return this;
    }

    /** The next chunks with an id are lost on their way to this member. */
    public ScriptedMember losingIncoming(int count, int id) {
        sockets.loseIncoming(count, chunk -> chunk.id() == id);
        return this;
    }

    /** The next chunks with an id are lost on their way to the coordinator. */
    public ScriptedMember losingOutgoing(int count, int id) {
        sockets.loseOutgoing(count, chunk -> chunk.id() == id);
        return this;
    }

    public ScriptedMember heartbeatEvery(Duration interval) {
        sockets.setSilenceMillis(interval.toMillis());
        return this;
    }

    /** Sends nothing by itself any more, as when it was killed. */
    public ScriptedMember dies() {
        sockets.setSilenceMillis(0);
        return withoutAcknowledging();
    }

    /** From now on it confirms by itself that a group is closed, so that the coordinator need not wait for that. */
    public void confirmsClosing() {
        leavesWhenDisconnected = true;
    }

    /**
     * Makes sure that the coordinator has taken all that this member sent, and that it has not answered anything that the
     * script did not expect.
     */
    public ScriptedMember settle() {
        askForSession();
        return this;
    }

    @Override
    public void close() {
        sockets.close();
    }

    @Override
    public String toString() {
        return "scripted member " + address();
    }
}
