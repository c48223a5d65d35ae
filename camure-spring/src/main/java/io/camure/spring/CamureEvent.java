package io.camure.spring;

/**
 * What happens in a session of an application; published to its {@code @EventListener} methods, unless said otherwise by a
 * thread of the session that has nothing else to do; at a member nothing that was lost is joined again before the listener has returned.
 */
public sealed interface CamureEvent
        permits CoordinatorLostEvent,
                CoordinatorRegainedEvent,
                GroupLostEvent,
                GroupRegainedEvent,
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
