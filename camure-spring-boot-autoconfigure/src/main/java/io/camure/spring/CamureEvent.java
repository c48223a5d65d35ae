package io.camure.spring;

/** What happens in the session of an application; published to its {@code @EventListener} methods by a thread of the session. */
public sealed interface CamureEvent
        permits CoordinatorLostEvent,
                CoordinatorRegainedEvent,
                MemberCaughtUpEvent,
                MemberJoinedEvent,
                MemberLeftEvent,
                MemberSlowEvent {

    /** What this node calls itself: {@code camure.name}. */
    String node();
}
