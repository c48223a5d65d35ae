package io.camure.test.support;

import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * A coordinator as camure 0.1 makes it: it welcomes whoever asks to the session, and acknowledges each BarrierReached by
 * itself, before anybody looks at it and as often as it comes. All else is up to the script.
 */
public final class ScriptedCoordinator implements AutoCloseable {

    private final InetSocketAddress multicastAddress = unusedMulticastAddress();
    private final Inbox inbox = new Inbox(chunk -> chunk.equals(Chunk.HEARTBEAT) || chunk.equals(Chunk.SESSION_JOIN));
    private final LoopbackSockets sockets;

    /** Requests that were granted, with all of their bytes: a repetition that is read late is not a new one. */
    private final Set<Chunk> admitted = new HashSet<>();

    private final int chunkSize;
    private final Duration heartbeatInterval;
    private volatile boolean automatic = true;
    private volatile boolean confirmsLeaves;
    private volatile InetSocketAddress lastHeard;

    private ScriptedCoordinator(int chunkSize, Duration heartbeatInterval) {
        this.chunkSize = chunkSize;
        this.heartbeatInterval = heartbeatInterval;
        sockets = new LoopbackSockets(new Receiving()).start();
    }

    public static ScriptedCoordinator start() {
        return start(1472, Duration.ofSeconds(1));
    }

    public static ScriptedCoordinator start(int chunkSize, Duration heartbeatInterval) {
        return new ScriptedCoordinator(chunkSize, heartbeatInterval);
    }

    /** A group address that, by chance, nobody else on this machine uses. */
    public static InetSocketAddress unusedMulticastAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new InetSocketAddress(
                "239.255." + random.nextInt(256) + "." + random.nextInt(1, 255), random.nextInt(20_000, 32_000));
    }

    private final class Receiving implements LoopbackSockets.Handler {

        @Override
        public void onChunk(InetSocketAddress source, boolean byMulticast, Chunk chunk) {
            lastHeard = source;
            if (automatic && chunk.asReadBy01().equals(Chunk.SESSION_JOIN)) {
                sockets.send(sessionWelcome(), source);
            } else if (automatic && chunk.id() == Chunk.REACHED_ID) {
                sockets.send(Chunk.ack(chunk.group(), chunk.sequence()), source);
            }
            if (confirmsLeaves && chunk.id() == Chunk.GROUP_LEAVE_ID) {
                sockets.send(Chunk.disconnected(chunk.group(), "leave"), source);
            }
            inbox.add(source, chunk);
        }

        @Override
        public void onSilence() {
            // A legacy coordinator has nothing to say by itself.
        }
    }

    public InetSocketAddress address() {
        return sockets.address();
    }

    public InetSocketAddress multicastAddress() {
        return multicastAddress;
    }

    public Chunk sessionWelcome() {
        return Chunk.sessionWelcome(multicastAddress, chunkSize, heartbeatInterval.toNanos());
    }

    /** The member that was heard last. */
    public InetSocketAddress lastHeard() {
        return lastHeard;
    }

    /** To the member that was heard last. */
    public ScriptedCoordinator send(Chunk chunk) {
        return send(chunk, lastHeard);
    }

    public ScriptedCoordinator send(Chunk chunk, InetSocketAddress member) {
        sockets.send(chunk, member);
        return this;
    }

    public ScriptedCoordinator multicast(Chunk chunk) {
        sockets.send(chunk, multicastAddress);
        return this;
    }

    /** Takes the next chunk, which must be this one, or a repetition of one that was taken. */
    public ScriptedCoordinator expect(Chunk chunk) {
        take(chunk.toString(), chunk::equals);
        return this;
    }

    public ScriptedCoordinator expectFrom(InetSocketAddress member, Chunk chunk) {
        inbox.take(chunk + " from " + member, member::equals, chunk::equals);
        return this;
    }

    /** Waits for a SessionJoin from a node other than these, and gives back its address. */
    public InetSocketAddress expectNewcomer(Collection<InetSocketAddress> others) {
        return (InetSocketAddress)
                inbox.takeWay("SessionJoin of a newcomer", way -> !others.contains(way), Chunk.SESSION_JOIN::equals);
    }

    public Chunk take(String description, Predicate<Chunk> fitting) {
        return inbox.take(description, fitting);
    }

    public int count(Predicate<Chunk> fitting) {
        return inbox.count(fitting);
    }

    /** Answers nothing by itself any more. */
    public ScriptedCoordinator withoutAnswering() {
        automatic = false;
        return this;
    }

    public ScriptedCoordinator answering() {
        automatic = true;
        return this;
    }

    /** From now on it confirms by itself that a member leaves, so that the member need not wait for that. */
    public void confirmsLeaves() {
        confirmsLeaves = true;
    }

    /** The next chunks with an id are lost on their way to this coordinator. */
    public ScriptedCoordinator losingIncoming(int count, int id) {
        sockets.loseIncoming(count, chunk -> chunk.id() == id);
        return this;
    }

    /** The next chunks with an id are lost on their way from this coordinator. */
    public ScriptedCoordinator losingOutgoing(int count, int id) {
        sockets.loseOutgoing(count, chunk -> chunk.id() == id);
        return this;
    }

    /** Lets the member that asks into a group. */
    public ScriptedCoordinator admit(int group, int type, int sequence) {
        Chunk join;
        do {
            join = take("GroupJoin " + group, Chunk.groupJoin(group, type)::equals);
        } while (!admitted.add(join));
        return send(Chunk.groupWelcome(group, sequence)).expect(Chunk.ack(group, sequence));
    }

    /** Sends a chunk again and again until the member answers. */
    public ScriptedCoordinator repeatUntilAnswered(Chunk chunk, Chunk answer) {
        int answers = count(answer::equals);
        await().atMost(Inbox.DEADLINE).until(() -> {
            boolean answered = count(answer::equals) > answers;
            if (!answered) {
                send(chunk);
            }
            return answered;
        });
        return expect(answer);
    }

    /**
     * Makes sure that a member has taken all that was sent to it, and that it has not answered anything that the script did
     * not expect: it takes its leave of a group that it is not in but is welcomed to.
     */
    public ScriptedCoordinator settle() {
        int unknownGroup = 65535;
        return send(Chunk.groupWelcome(unknownGroup, 0)).expect(Chunk.leave(unknownGroup));
    }

    @Override
    public void close() {
        sockets.close();
    }
}
