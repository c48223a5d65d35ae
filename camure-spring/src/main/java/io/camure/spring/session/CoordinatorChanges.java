package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Member;
import io.camure.MemberListener;
import io.camure.Node;
import io.camure.spring.CoordinatorChangedEvent;
import io.camure.spring.kind.SessionContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells the application which node coordinates a session whose coordinator is elected. Thread-safe. */
final class CoordinatorChanges implements MemberListener {

    private final SessionContext session;
    private final Member member;

    /** The one of the last session, also when that is lost. Guarded by this. */
    private @Nullable Node former;

    private volatile @Nullable Known known;

    /** @param since when this node learnt that it coordinates */
    record Known(Node node, Instant since) {}

    CoordinatorChanges(SessionContext session, Member member) {
        this.session = session;
        this.member = member;
    }

    /** Tells whose session was joined, and each next one. */
    void start() {
        onCoordinator(Duration.ZERO);
        member.addListener(this);
    }

    @Override
    public void coordinatorLost(CamureException why) {
        known = null;
    }

    @Override
    public void coordinatorRegained(Duration outage) {
        onCoordinator(outage);
    }

    private synchronized void onCoordinator(Duration outage) {
        Node from = former;
        Node to = member.coordinator();
        former = to;
        known = new Known(to, Instant.now());
        if (!to.equals(from)) {
            session.publish(new CoordinatorChangedEvent(
                    session.sessionName(), session.name(), from, to, member.term(), outage));
        }
    }

    /** Who coordinates, or {@code null} while the session is lost. */
    @Nullable
    Known known() {
        return known;
    }
}
