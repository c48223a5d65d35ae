package io.camure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A group at the coordinator of its session: its members, and their admission. Thread-safe. */
public interface CoordinatorGroup extends Group {

    /** The current members, in the order in which they asked to join. */
    List<GroupMember> members();

    /** How many members the first round or message waits for. */
    int expectedMembers();

    /** Whether the expected members have been in the group at the same time once. */
    boolean isFormed();

    /**
     * Waits until the group has at least {@code count} members.
     *
     * @throws CamureTimeoutException if it has fewer when {@code timeout} is over
     * @throws DisconnectedException if the group is closed, or closes meanwhile
     */
    void awaitMembers(int count, Duration timeout) throws InterruptedException;

    /**
     * Admits the next node that asks to join, and waits until it is a member. For a group with manual admission.
     *
     * @return the new member
     * @throws CamureTimeoutException if no node has become a member in time
     * @throws DisconnectedException if the group is closed, or closes meanwhile
     * @throws IllegalStateException if the group admits every node that asks
     */
    Node accept(Duration timeout) throws InterruptedException;

    /**
     * Admits a node if one is asking to join now; see {@link #accept}.
     *
     * @param timeout how long that node may take to become a member
     */
    Optional<Node> tryAccept(Duration timeout) throws InterruptedException;

    /** The smoothed time that members take to answer; empty until measured. */
    Optional<Duration> roundTrip();

    /** From now on calls {@code listener} when members come and go. */
    void addListener(GroupListener listener);

    /** Calls {@code listener} no more, but for what it is being told already. Does nothing if it was not added. */
    void removeListener(GroupListener listener);
}
