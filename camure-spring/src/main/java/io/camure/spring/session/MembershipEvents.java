package io.camure.spring.session;

import io.camure.GroupListener;
import io.camure.Node;
import io.camure.spring.MemberCaughtUpEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import io.camure.spring.MemberLeftEvent.Reason;
import io.camure.spring.MemberSlowEvent;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.SessionContext;

/** Tells the application who comes to a group and goes, and who is slow. */
final class MembershipEvents implements GroupListener {

    private final GroupContext group;
    private final SessionContext session;

    MembershipEvents(GroupContext group) {
        this.group = group;
        session = group.session();
    }

    @Override
    public void memberJoined(Node member) {
        session.publish(new MemberJoinedEvent(session.sessionName(), session.name(), group.name(), member));
    }

    @Override
    public void memberLeft(Node member) {
        gone(member, Reason.LEFT);
    }

    @Override
    public void memberLost(Node member) {
        gone(member, Reason.LOST);
    }

    @Override
    public void memberEvicted(Node member) {
        gone(member, Reason.EVICTED);
    }

    @Override
    public void memberSlow(Node member) {
        session.publish(new MemberSlowEvent(session.sessionName(), session.name(), group.name(), member));
    }

    @Override
    public void memberCaughtUp(Node member) {
        session.publish(new MemberCaughtUpEvent(session.sessionName(), session.name(), group.name(), member));
    }

    private void gone(Node member, Reason reason) {
        session.publish(new MemberLeftEvent(session.sessionName(), session.name(), group.name(), member, reason));
    }
}
