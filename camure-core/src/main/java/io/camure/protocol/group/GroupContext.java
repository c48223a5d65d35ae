package io.camure.protocol.group;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What the work of a group sees of the group that it is done in, and may ask of it.
 *
 * <p>What it asks for is done once the work has returned, never in the middle of its own change. The group sees to that after
 * all that it hands to the work; after a command that comes from elsewhere the work calls {@link #onCommandDone}.
 */
public interface GroupContext {

    int id();

    /** Tells this group from others with its id, earlier ones and those of other incarnations of the coordinator. */
    int epoch();

    /** How to speak to the members. */
    GroupLink link();

    /** All nodes that are in or on their way in, in the order in which they asked; for a loop by index. */
    List<Membership> memberships();

    /** Where to send what is for all in the group, once to each: who hears group traffic has one for all. */
    List<InetSocketAddress> destinations();

    int memberCount();

    /** Whether the expected members have been in at the same time once. */
    boolean isFormed();

    /** Whether the end has begun: nobody is admitted any more, and nothing new is to begin. */
    boolean isStopped();

    /** Whether somebody was welcomed and has not answered. */
    boolean hasOpenAdmission();

    /** Whether somebody waits who is to be admitted as soon as the work allows it. */
    boolean isAdmissionPending();

    /** Asks for those that wait to be admitted, since the work allows it now. */
    void requestAdmission();

    /**
     * Asks for a member to be evicted.
     *
     * @param reason what it is told: one of {@link DisconnectReason}
     */
    void evict(Membership member, String reason);

    /** A command of the application is carried out: now that is done what the work has asked for. */
    void onCommandDone(long nowNanos);
}
