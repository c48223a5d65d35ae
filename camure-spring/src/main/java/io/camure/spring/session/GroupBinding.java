package io.camure.spring.session;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CamureException;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorGroup;
import io.camure.Group;
import io.camure.Member;
import io.camure.RoundProgress;
import io.camure.WindowUse;
import io.camure.spring.UnknownGroupException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group of the configuration or of the application's code: what is behind its bean now, and what outlives that. */
public final class GroupBinding {

    private final SessionBinding session;
    private final GroupDefinition definition;
    private final RoundRecord rounds = new RoundRecord();
    private final Group proxy;
    private @Nullable Group current;
    private long pastMessages;
    private long pastBytes;
    private boolean removed;
    private volatile boolean left;
    private volatile @Nullable Around aroundSending;

    GroupBinding(SessionBinding session, GroupDefinition definition) {
        this.session = session;
        this.definition = definition;
        proxy = CurrentObjectInterceptor.group(definition.beanType(session.role()), this);
    }

    public String name() {
        return definition.name();
    }

    /** What the application uses: it stands for whatever is current. */
    public Group proxy() {
        return proxy;
    }

    public GroupDefinition definition() {
        return definition;
    }

    public SessionBinding session() {
        return session;
    }

    /** Has messages from now on sent in it. */
    public void observeSending(Around around) {
        aroundSending = around;
    }

    /** What messages are sent in, if anything. */
    @Nullable
    Around aroundSending() {
        return aroundSending;
    }

    /** The rounds that this node has waited for; none for a broadcast. */
    public RoundRecord rounds() {
        return rounds;
    }

    /** The group that was created or joined last, also when it is closed or lost; {@code null} before and after. */
    public synchronized @Nullable Group current() {
        return current;
    }

    synchronized void attach(Group group) {
        if (removed) {
            group.close();
            return;
        }
        rounds.onNewNumbering();
        current = group;
        notifyAll();
    }

    synchronized void detach() {
        pastMessages += messages(current);
        pastBytes += bytes(current);
        current = null;
    }

    /** Has this member leave the group until it is to come back, or its session is started again. */
    public void leave() {
        left = true;
        Group leaving = current();
        if (leaving != null) {
            leaving.close();
        }
    }

    public void comeBack() {
        left = false;
    }

    /** Whether this member is not to be in the group. */
    public boolean isLeft() {
        return left;
    }

    /** Ends it for good. */
    void remove() {
        Group closing;
        synchronized (this) {
            closing = current;
            removed = true;
            detach();
        }
        if (closing != null) {
            closing.close();
        }
    }

    /** Tells why the group can't be used while there is nothing behind it. */
    CamureException notUsable() {
        synchronized (this) {
            if (removed) {
                return new UnknownGroupException(this + " can't be used: it was removed");
            }
        }
        return session.notRunning(definition.description());
    }

    /** Waits until there is a group behind this one, other than the one that the caller knows to be over. */
    public synchronized Group awaitOtherThan(@Nullable Group over) throws InterruptedException {
        while (true) {
            Group group = current;
            if (group != null && group != over) {
                return group;
            }
            wait();
        }
    }

    /** How many messages were sent or received since the application's start; never decreases. */
    public synchronized long messages() {
        return pastMessages + messages(current);
    }

    private static long messages(@Nullable Group group) {
        if (group instanceof BroadcastGroup broadcast) {
            return broadcast.messagesSent();
        }
        return group instanceof BroadcastReceiver receiver ? receiver.messagesReceived() : 0;
    }

    /** How many bytes of messages were sent or received since the application's start; never decreases. */
    public synchronized long bytes() {
        return pastBytes + bytes(current);
    }

    private static long bytes(@Nullable Group group) {
        if (group instanceof BroadcastGroup broadcast) {
            return broadcast.bytesSent();
        }
        return group instanceof BroadcastReceiver receiver ? receiver.bytesReceived() : 0;
    }

    /** How many members are in the group, as far as this node knows: only the coordinator does. */
    public int memberCount() {
        return current() instanceof CoordinatorGroup coordinated
                ? coordinated.members().size()
                : 0;
    }

    /** How many members hold the broadcast up; only the coordinator knows. */
    public int slowMemberCount() {
        return current() instanceof BroadcastGroup broadcast
                ? broadcast.slowMembers().size()
                : 0;
    }

    /** How long the other side takes to answer; not a number while that was not measured. */
    public double roundTripNanos() {
        return roundTrip().map(time -> (double) time.toNanos()).orElse(Double.NaN);
    }

    private Optional<Duration> roundTrip() {
        return current() instanceof CoordinatorGroup coordinated
                ? coordinated.roundTrip()
                : session.current() instanceof Member member ? member.roundTrip() : Optional.empty();
    }

    /** What a member's wait for the others has of the network: its arrival has to get there, and the release back. */
    public long nanosOfRoundInNetwork() {
        return session.current() instanceof Member member
                ? member.roundTrip().map(Duration::toNanos).orElse(0L)
                : 0;
    }

    /** Who has arrived; known at the coordinator of a barrier. */
    public Optional<RoundProgress> progress() {
        return current() instanceof CoordinatorBarrier barrier ? Optional.of(barrier.progress()) : Optional.empty();
    }

    /** How full the window of a broadcast is. */
    public Optional<WindowUse> window() {
        Group group = current();
        if (group instanceof BroadcastGroup broadcast) {
            return Optional.of(broadcast.window());
        }
        return group instanceof BroadcastReceiver receiver ? Optional.of(receiver.window()) : Optional.empty();
    }

    public GroupState state() {
        Group group = current();
        if (!session.isRunning() || isRemoved()) {
            return GroupState.STOPPED;
        } else if (group == null) {
            return GroupState.JOINING;
        } else if (!group.isOpen()) {
            return GroupState.LOST;
        }
        if (!(group instanceof CoordinatorGroup coordinated)) {
            return GroupState.OPEN;
        } else if (!coordinated.isFormed()) {
            return GroupState.FORMING;
        }
        return coordinated.members().size() < coordinated.expectedMembers() ? GroupState.DEGRADED : GroupState.OPEN;
    }

    private synchronized boolean isRemoved() {
        return removed;
    }

    @Override
    public String toString() {
        return session.name() + ": " + definition.description();
    }
}
