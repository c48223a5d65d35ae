package io.camure.spring.session;

import io.camure.CoordinatorListener;
import io.camure.Node;
import io.camure.spring.MemberDeafEvent;
import io.camure.spring.MemberHearsEvent;
import io.camure.spring.kind.SessionContext;

/** Tells the application which members hear group traffic. */
final class HearingEvents implements CoordinatorListener {

    private final SessionContext session;

    HearingEvents(SessionContext session) {
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
}
