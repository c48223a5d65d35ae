package io.camure.node.session;

import io.camure.Group;
import io.camure.Loss;
import io.camure.MemberListener;
import io.camure.SessionStatistics;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.MemberKind;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.MemberWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a member stays in a session: in one until it is lost, or in one after another. */
public interface SessionStay {

    /** The session that was joined last, also when it is over. */
    MemberNode node();

    /** Joins a group, and waits for that. */
    <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException;

    /** Of all sessions. */
    SessionStatistics statistics();

    /** Why there is no session, and what is tried next. */
    Optional<Loss> loss();

    void addListener(MemberListener listener);

    void removeListener(MemberListener listener);

    /** What users have got of the groups that were joined and not left. */
    List<Group> groups();

    /** Leaves all groups and the session, for good. Idempotent. */
    void close();
}
