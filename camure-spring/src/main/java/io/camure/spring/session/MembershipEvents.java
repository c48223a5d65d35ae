package io.camure.spring.session;

import io.camure.GroupListener;
import io.camure.spring.MemberCaughtUpEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import io.camure.spring.MemberLeftEvent.Reason;
import io.camure.spring.MemberSlowEvent;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.SessionContext;
import java.net.InetSocketAddress;

/** Tells the application who comes to a group and goes, and who is slow. */
final class MembershipEvents implements GroupListener {

    private final GroupContext group;
    private final SessionContext session;

    MembershipEvents(GroupContext group) {
        this.group = group;
        session = group.session();
    }

    @Override
    public void memberJoined(InetSocketAddress member) {
        session.publish(new MemberJoinedEvent(session.sessionName(), session.name(), group.name(), member));
    }

    @Override
    public void memberLeft(InetSocketAddress member) {
        gone(member, Reason.LEFT);
    }

    @Override
    public void memberLost(InetSocketAddress member) {
        gone(member, Reason.LOST);
    }

    @Override
    public void memberEvicted(InetSocketAddress member) {
        gone(member, Reason.EVICTED);
    }

    @Override
    public void memberSlow(InetSocketAddress member) {
        session.publish(new MemberSlowEvent(session.sessionName(), session.name(), group.name(), member));
    }

    @Override
    public void memberCaughtUp(InetSocketAddress member) {
        session.publish(new MemberCaughtUpEvent(session.sessionName(), session.name(), group.name(), member));
    }

    private void gone(InetSocketAddress member, Reason reason) {
        session.publish(new MemberLeftEvent(session.sessionName(), session.name(), group.name(), member, reason));
    }
}
