package io.camure.protocol.group;

import io.camure.protocol.base.Departure;
import io.camure.wire.ChunkReader;

/** What the coordinator of a group does beside keeping its roster: run rounds, or send chunks. */
public interface GroupWork {

    /** Whether a node could be let in now, with {@link #nextSequence} as its first number. */
    boolean mayAdmit();

    /** The number of the next round or chunk. */
    long nextSequence();

    /** A member has acknowledged something of the group's work. */
    void onAck(Membership member, ChunkReader ack, long nowNanos);

    /** Somebody was welcomed, got in or went; {@code removed} is no longer in the roster. */
    void onRosterChanged(long nowNanos);

    void onRemoved(Membership removed, Departure departure);

    /** A node has answered its welcome after so long. */
    void onRoundTrip(long nanos);

    /** How long an answer takes, smoothed, or -1 while none was measured. */
    long roundTripNanos();

    /** Nothing more comes, and somebody waits for what was sent to be acknowledged. */
    void onStopped(long nowNanos);

    /** Whether all that was sent has been acknowledged. */
    boolean isDrained();

    void onDeadline(long nowNanos);

    long nextDeadlineNanos();
}
