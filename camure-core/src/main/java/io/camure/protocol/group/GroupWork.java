package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.wire.ChunkReader;

/**
 * What the coordinator of a group does beside keeping its memberships: run rounds, or send chunks. It changes by what it is
 * told here and by its application's commands, and asks its {@link GroupContext} for what is to happen in the group.
 */
public interface GroupWork {

    /** Whether a node that waits could be admitted now, with {@link #nextSequence} as its first number. */
    boolean mayAdmit(Membership waiting);

    /** Why a node that waits can't be admitted now, if it can't; for people. */
    String admissionObstacle();

    /** The first round or chunk of a node that is admitted now. */
    long nextSequence();

    /**
     * A node was welcomed, and counts from {@link #nextSequence} on. The work attaches to the membership what it wants to know
     * of it.
     */
    void onAdmitted(Membership membership);

    /** A node that was welcomed has answered. */
    void onConfirmed(Membership member, long nowNanos);

    /** A membership is over; it may not have been admitted. */
    void onRemoved(Membership removed, Departure departure);

    /** Nodes were admitted, confirmed or removed, each of which the work has been told before. */
    void onMembershipsChanged(long nowNanos);

    /** A node is reached otherwise than before: by unicast or by multicast, or by datagrams of another length. */
    default void onReachChanged(long nowNanos) {
        // Of interest only where datagrams may be long.
    }

    /** A member has sent one of the chunks that the {@link GroupKind} takes. */
    void onChunk(Membership member, ChunkReader chunk, long nowNanos);

    /** A node has answered its welcome. */
    void onRoundTrip(long nanos);

    /** How long an answer takes, smoothed, or -1 while none was measured. */
    long roundTripNanos();

    /** Nothing new begins, and somebody waits for what was sent to be acknowledged. */
    void onStopped(long nowNanos);

    /** Whether all that was sent has been acknowledged. */
    boolean isDrained();

    void onDeadline(long nowNanos);

    long nextDeadlineNanos();
}
