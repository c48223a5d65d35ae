package io.camure.node.session;

import io.camure.Group;
import io.camure.MemberListener;
import io.camure.SessionStatistics;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.MemberWork;
import java.time.Duration;

/** How a member stays in a session: in one until it is lost, or in one after another. */
public interface SessionStay {

    /** The session that was joined last, also when it is over. */
    MemberNode node();

    /** Joins a group, and waits for that. */
    <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException;

    /** Of all sessions. */
    SessionStatistics statistics();

    void addListener(MemberListener listener);

    /** Leaves all groups and the session, for good. Idempotent. */
    void close();
}
