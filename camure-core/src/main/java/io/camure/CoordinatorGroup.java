package io.camure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A group at the coordinator of its session: who is in it, and who gets in. Thread-safe. */
public interface CoordinatorGroup extends Group {

    /** The members now, in the order in which they asked to join. */
    List<GroupMember> members();

    /** How many members were to be waited for before the first round or message. */
    int expectedMembers();

    /** Whether the expected members have been in at the same time once. */
    boolean isFormed();

    /**
     * Waits until so many members are in.
     *
     * @throws CamureTimeoutException when they are not
     * @throws DisconnectedException when the group is or gets closed
     */
    void awaitMembers(int count, Duration timeout) throws InterruptedException;

    /**
     * Lets in the next node that asks to join, and waits until it is in. For a group with manual admission.
     *
     * @return the address of the new member
     * @throws CamureTimeoutException when nobody came in in time
     * @throws DisconnectedException when the group is or gets closed
     * @throws IllegalStateException when the group lets in whoever asks
     */
    InetSocketAddress accept(Duration timeout) throws InterruptedException;

    /**
     * Lets in a node if one asks to join now; see {@link #accept}.
     *
     * @param timeout how long that node may take to get in
     */
    Optional<InetSocketAddress> tryAccept(Duration timeout) throws InterruptedException;

    /** How long members take to answer, smoothed; empty while that was not measured. */
    Optional<Duration> roundTrip();

    /** Has a listener told who comes and goes from now on. */
    void addListener(GroupListener listener);
}
