package io.camure.spring;

/**
 * What happens in a session of an application; published to its {@code @EventListener} methods, unless said otherwise by a
 * thread of the session that has nothing else to do.
 */
public sealed interface CamureEvent
        permits CoordinatorLostEvent,
                CoordinatorRegainedEvent,
                ListenerFailedEvent,
                MemberCaughtUpEvent,
                MemberJoinedEvent,
                MemberLeftEvent,
                MemberSlowEvent,
                RoundBrokenEvent {

    /** The session as in {@code camure.sessions}; {@code default} is the one without a name. */
    String session();

    /** What this node calls itself: the {@code name} of its session. */
    String node();
}
