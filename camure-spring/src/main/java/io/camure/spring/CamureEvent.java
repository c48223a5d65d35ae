package io.camure.spring;

/**
 * Something that has happened in a session of this application. Its {@code @EventListener} methods are called by a thread that
 * the session keeps for that, unless an event says otherwise; the next event waits until they have returned.
 */
public sealed interface CamureEvent
        permits CoordinatorChangedEvent,
                CoordinatorLeaseEndedEvent,
                CoordinatorLostEvent,
                CoordinatorRegainedEvent,
                GroupLostEvent,
                GroupRegainedEvent,
                ListenerFailedEvent,
                MemberCaughtUpEvent,
                MemberDeafEvent,
                MemberHearsEvent,
                MemberJoinedEvent,
                MemberLeftEvent,
                MemberPathEvent,
                MemberSlowEvent,
                RoundBrokenEvent {

    /** The session as in {@code camure.sessions}; {@code default} is the one without a name. */
    String session();

    /** What this node calls itself: the {@code name} of its session. */
    String node();
}
