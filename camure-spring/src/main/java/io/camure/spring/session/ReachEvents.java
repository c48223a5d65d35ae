package io.camure.spring.session;

import io.camure.CoordinatorListener;
import io.camure.MemberPath;
import io.camure.Node;
import io.camure.spring.CoordinatorLeaseEndedEvent;
import io.camure.spring.MemberDeafEvent;
import io.camure.spring.MemberHearsEvent;
import io.camure.spring.MemberPathEvent;
import io.camure.spring.kind.SessionContext;

/** Tells the application what gets to which members, and when this node may not coordinate any more. */
final class ReachEvents implements CoordinatorListener {

    private final SessionContext session;

    ReachEvents(SessionContext session) {
        this.session = session;
    }

    @Override
    public void memberDeaf(Node member) {
        session.publish(new MemberDeafEvent(session.sessionName(), session.name(), member));
    }

    @Override
    public void memberHears(Node member) {
        session.publish(new MemberHearsEvent(session.sessionName(), session.name(), member));
    }

    @Override
    public void memberPathChanged(MemberPath path) {
        session.publish(new MemberPathEvent(
                session.sessionName(), session.name(), path.member(), path.bytes(), path.lowered()));
    }

    @Override
    public void leaseEnded(long term) {
        session.publish(new CoordinatorLeaseEndedEvent(session.sessionName(), session.name(), term));
    }
}
